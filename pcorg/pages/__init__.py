"""The frame of the web pages and the pages that belong to no app."""
