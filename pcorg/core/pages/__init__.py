"""What stands round every page, and what pages are made of."""
