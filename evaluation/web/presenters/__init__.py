"""How evaluation is worded and laid out on pages."""
