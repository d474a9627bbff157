"""Reads that the API and the pages share: each answers one question of the domain in the shape clients
rely on."""
