"""The exporter: serves what the journal says as Prometheus metrics."""
