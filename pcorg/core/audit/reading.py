"""Reading the audit trail: who may, what is hidden from them yet, and its entries narrowed by who, what and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

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
    """Say which things of a kind of subject somebody does not read: the trail shows them no entry about these."""
    _hidden[kind] = hidden


def visible_entries(by: Actor, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """The entries that somebody may read: all but those on what others draft."""
    hidden_subjects = Q()
    for kind, hidden in _hidden.items():
        named = Concat(Value(f"{kind} "), Cast("pk", CharField()))
        hidden_subjects |= Q(subject__in=hidden(by).order_by().values_list(named, flat=True))
    return entries.exclude(hidden_subjects)


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: an actor, an action, words of the subject, and days in London, both included. `by` is
    who reads; what is hidden from them is left out."""

    by: Actor
    actor: str = ""
    action: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None

    def entries(self) -> QuerySet[AuditEntry]:
        """The entries that fit, newest first."""
        conditions = {
            "actor": self.actor,
            "action": self.action,
            "subject__icontains": self.subject,
            "at__gte": self.since and _midnight(self.since),
            "at__lt": self.until and _midnight(self.until + timedelta(days=1)),
        }
        found = visible_entries(self.by, AuditEntry.objects.order_by("-sequence"))
        return found.filter(**{name: value for name, value in conditions.items() if value})


@dataclass(frozen=True)
class TrailPage:
    """One page of entries; `older` and `newer` are the sequence numbers its neighbours start beside."""

    entries: list[AuditEntry]
    older: int | None
    newer: int | None


def sheet(question: Question, *, before: int | None, after: int | None, size: int) -> TrailPage:
    """The page of entries older than `before`, or newer than `after`, or the newest."""
    found = question.entries()
    if after is not None:
        rows = list(found.filter(sequence__gt=after).order_by("sequence")[: size + 1])
        more, shown = len(rows) > size, rows[:size][::-1]
        return TrailPage(shown, shown[-1].sequence if shown else None, shown[0].sequence if more else None)
    rows = list((found if before is None else found.filter(sequence__lt=before))[: size + 1])
    shown = rows[:size]
    newer = shown[0].sequence if shown and before is not None else None
    return TrailPage(shown, shown[-1].sequence if len(rows) > size else None, newer)


def words(column: str) -> list[str]:
    """The values that a column has taken, in order: actors or actions."""
    return list(AuditEntry.objects.order_by(column).values_list(column, flat=True).distinct())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
