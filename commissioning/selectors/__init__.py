"""Reads of commissioning that the API and the pages share: each answers one question in the shape clients rely on."""
