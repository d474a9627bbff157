"""The server: workers that answer requests, deadlines for clients that are slow, and a supervisor that keeps the
workers alive. It needs nothing but Python; the reasons are in ADR 0013."""
