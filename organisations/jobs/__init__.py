"""Loading portfolios as jobs: what they are called, and from which size on a file becomes one."""

CHECK, LOAD = "check-portfolio", "load-portfolio"
LARGE = 2 * 1024 * 1024
"""Bytes of a file from which the Load page has a job check and load it."""
