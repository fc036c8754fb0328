"""The same simulation without a broker: records of any homes and any time, to files."""
