"""Slow, obvious second implementations that the quick ones are held against."""
