"""The audit trail: who did what, when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypedDict

import django_filters
from django.db.models import QuerySet

from pcorg.core.api.paging import Order
from pcorg.core.api.views import ListViewSet
from pcorg.core.audit.models import AuditEntry
from pcorg.core.audit.reading import AuditPermission, visible_entries
from pcorg.core.filters import ListFilters


class AuditItem(TypedDict):
    """One write. Each entry holds the digest of the one before it, so that none can be altered unnoticed."""

    sequence: int
    at: datetime
    actor: str
    action: Annotated[str, "What was done, such as `approve-change`"]
    subject: Annotated[str, "To what, such as `change 12`"]
    particulars: Any
    previous: Annotated[str, "SHA-256 of the entry before"]
    digest: Annotated[str, "SHA-256 over the entry and the digest before it"]


class AuditFilter(ListFilters):
    """What an entry is found by."""

    actor = django_filters.CharFilter(max_length=150, help_text="User name of who did it.")
    action = django_filters.CharFilter(max_length=60, help_text="What was done, such as `approve-change`.")
    subject = django_filters.CharFilter(max_length=200, help_text="To what, such as `change 12`.")

    class Meta:
        model = AuditEntry
        fields: list[str] = []


class AuditViewSet(ListViewSet):
    """The audit trail, newest first; for approvers and data administrators. What was done to a draft of others is told
    once it is put forward."""

    dated = False
    item = AuditItem
    filters = AuditFilter
    reads = AuditPermission.READ
    key = Order("sequence", "sequence")
    default_ordering = "-sequence"

    def rows(self) -> QuerySet[AuditEntry]:
        return visible_entries(self.actor, AuditEntry.objects.all())
