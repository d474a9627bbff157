"""Measurements, run by hand: figures depend on the machine, so no test rests on them."""
