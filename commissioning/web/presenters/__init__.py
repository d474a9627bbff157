"""What pages of commissioning show, in words."""
