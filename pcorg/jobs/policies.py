"""Who looks at jobs, as `pcorg.jobs.reading` finds them for each, and who stops them."""

from __future__ import annotations

from pcorg.jobs.models import Job
from pcorg.policies import ALLOWED, Actor, Deed, Rule, Standing, Verdict, register


class JobDeed(Deed):
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
        JobDeed.READ: Rule(Standing.SIGNED_IN, "read jobs"),
        JobDeed.CANCEL: Rule(Standing.SIGNED_IN, "cancel jobs", (asked_for_or_administered,)),
    }
)
