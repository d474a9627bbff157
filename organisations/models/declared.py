"""What is declared of forms, steps between them and checks, as the domain knows it. It seldom changes, so it is kept in
the process: to read it anew was half of the cost of a snapshot."""

from __future__ import annotations

from organisations.domain.snapshot import Snapshot
from organisations.models.reference import Form, PolicyCheck, TransitionRule
from pcorg.core.audit.kinds import DECLARED
from pcorg.core.audit.memory import recall


def rules_only() -> Snapshot:
    """A snapshot of no bodies, with the forms in the order of their lists, the declared graph and the checks: where a
    new portfolio starts."""
    return recall("rules-only", _read, rests_on=DECLARED)


def _read() -> Snapshot:
    return Snapshot(
        forms=Form.objects.all().facts(),
        graph=TransitionRule.objects.all().graph(),
        checks=PolicyCheck.objects.all().facts(),
    )
