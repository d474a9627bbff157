"""Who reads the audit trail, and what of it they are not told yet: what others draft."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from pcorg.core.audit.models import AuditEntry
from pcorg.core.policies import Actor, Permission, RequiredRole, Rule, register


class AuditPermission(Permission):
    """What is done with the trail. Nobody writes it by hand."""

    READ = "read the audit trail"


register({AuditPermission.READ: Rule(RequiredRole.AUDITOR, "read the audit trail")})

Hidden = Callable[[Actor], QuerySet]
"""The things of a kind that somebody does not read."""

_hidden: dict[str, Hidden] = {}


def hide(kind: str, hidden: Hidden) -> None:
    """Say which things of a kind of subject somebody does not read: the trail tells them nothing of these."""
    _hidden[kind] = hidden


def told(by: Actor, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """The entries that somebody reads: all but those on what others draft."""
    untold = Q()
    for kind, hidden in _hidden.items():
        named = Concat(Value(f"{kind} "), Cast("pk", CharField()))
        untold |= Q(subject__in=hidden(by).order_by().values_list(named, flat=True))
    return entries.exclude(untold)
