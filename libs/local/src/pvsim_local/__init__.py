"""Run the whole chain as plain processes on this machine: for `make run`, the tests and the benchmark."""
