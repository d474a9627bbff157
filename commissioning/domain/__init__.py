"""The rules of commissioning, apart from any database."""
