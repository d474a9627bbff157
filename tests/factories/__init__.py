"""Builders of valid facts for tests: `snapshots` for the domain, `rows` for the database."""
