"""What the selectors return, declared once for the API, the CSV and the pages."""
