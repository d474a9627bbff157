"""Reusable parts of web forms: fields as the design system draws them, and what a person has typed so far."""
