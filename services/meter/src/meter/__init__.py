"""Simulate what homes consume and publish it."""
