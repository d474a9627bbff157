"""Copies of the whole database: back-up, restoring, transfer to another database, and the hash that proves them."""
