"""Middleware of every request: limits, headers, the log and metrics."""
