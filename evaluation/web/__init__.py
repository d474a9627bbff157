"""The pages of evaluation: views, and what they show."""
