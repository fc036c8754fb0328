"""Simulate the PV plants and write one record for every reading."""
