"""Who reads the audit trail."""

from __future__ import annotations

from pcorg.policies import Deed, Rule, Standing, register


class AuditDeed(Deed):
    """What is done with the trail. Nobody writes it by hand."""

    READ = "read the audit trail"


register({AuditDeed.READ: Rule(Standing.AUDITOR, "read the audit trail")})
