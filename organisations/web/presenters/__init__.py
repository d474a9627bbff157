"""Presenters: each takes loaded records and owns the wording of one page."""
