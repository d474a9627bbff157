"""Who looks at jobs and stops them; each person their own, as `pcorg.jobs.reading` finds them."""

from __future__ import annotations

from pcorg.policies import Deed, Rule, Standing, register


class JobDeed(Deed):
    """What people do with long work."""

    READ = "read jobs"
    CANCEL = "cancel a job"


register(
    {
        JobDeed.READ: Rule(Standing.SIGNED_IN, "read jobs"),
        JobDeed.CANCEL: Rule(Standing.IN_A_ROLE, "cancel jobs"),
    }
)
