"""Registers of the Organisation Data Service and the Office for National Statistics, read into portfolio records.

One file per layout reads facts (`records`); `assembly` turns them into a portfolio document for the one loader.
Nothing here writes.
"""
