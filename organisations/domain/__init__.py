"""The rules of primary care organisations in plain Python: no database, no web."""
