"""What clients, files and pages state: changes, decisions and portfolio documents. One schema serves the request, the
stored record and the form."""
