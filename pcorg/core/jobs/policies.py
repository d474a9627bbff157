"""Who looks at jobs, as `pcorg.core.jobs.reading` finds them for each, and who stops them."""

from __future__ import annotations

from pcorg.core.jobs.models import Job
from pcorg.core.policies import ALLOWED, Actor, Permission, RequiredRole, Rule, Verdict, register


class JobPermission(Permission):
    """What people do with long work."""

    READ = "read jobs"
    CANCEL = "cancel a job"


def asked_for_or_administered(by: Actor, job: Job) -> Verdict:
    """A job that the person asked for; data administrators stop any."""
    if job.asker == by.id or by.administers:
        return ALLOWED
    return Verdict("forbidden", "Only the person who asked for a job and data administrators cancel it.")


register(
    {
        JobPermission.READ: Rule(RequiredRole.SIGNED_IN, "read jobs"),
        JobPermission.CANCEL: Rule(RequiredRole.SIGNED_IN, "cancel jobs", (asked_for_or_administered,)),
    }
)
