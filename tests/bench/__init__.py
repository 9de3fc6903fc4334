"""Speed and memory of the steps over generated documents: `make bench`, or `python -m tests.bench --help`."""
