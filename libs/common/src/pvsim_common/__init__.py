"""What every pvsimulator service imports."""
