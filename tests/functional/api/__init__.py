"""The REST API as its clients use it."""
