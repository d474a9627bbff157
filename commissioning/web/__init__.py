"""The pages of commissioning: views, and what they show."""
