"""Integration options scored against criteria, with honest uncertainty."""
