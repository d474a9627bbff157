"""Presenters of evaluation: the wording and layout of its pages."""
