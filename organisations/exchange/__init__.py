"""Import and export of reference records in the admin: formats, reading and comparing, the audited import."""
