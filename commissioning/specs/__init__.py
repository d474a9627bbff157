"""What clients, files and pages state of commissioning."""
