"""What people may say of assessments: schemas of input, with everything wrong told at once."""
