"""Integration options scored against a framework of criteria. Not built yet."""
