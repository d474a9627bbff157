"""`createsuperuser`: Django's own, and on the audit trail."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.contrib.auth.models import User
from django.db import transaction

from pcorg.audit.subjects import of_record
from pcorg.audit.trail import record


class Command(createsuperuser.Command):
    """Makes somebody who may do everything in the admin, and records it in the same transaction."""

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> str | None:
        last = User.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        said = super().handle(*args, **options)
        for user in User.objects.filter(pk__gt=last, is_superuser=True):
            record(
                actor="command:createsuperuser",
                action="make-superuser",
                subject=user.get_username(),
                wrote=of_record(user),
            )
        return str(said) if said else None
