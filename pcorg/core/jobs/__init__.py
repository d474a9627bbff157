"""Jobs: work that outgrows a request or a machine, kept in the database from asking to result.

A job is carried out by a task of Django's tasks interface: in a thread of the server, by workers on any machines, or by
workers of RQ. Whatever carries it out takes it by a lease that it renews while it works. Where a worker dies its lease
ends, and another takes the job over. What a job writes and the note that it is done are one transaction, which only the
holder of the lease can end: so a job takes effect once, however often it was begun.
"""
