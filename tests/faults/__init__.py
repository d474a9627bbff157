"""Races and kills with real threads, processes and signals. Run by `make test-faults`."""
