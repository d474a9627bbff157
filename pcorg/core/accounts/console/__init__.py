"""Commands about people that take the place of Django's own."""
