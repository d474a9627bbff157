"""What people and files state of commissioning: schemas and reading."""
