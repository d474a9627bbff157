"""The pages of organisations: views, and what they show."""
