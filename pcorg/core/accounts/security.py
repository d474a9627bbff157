"""What happens to accounts, recorded twice: in the security log, with the network address, and on the audit trail.

The trail holds no network address. It can never be shortened, and an address is a person's data that nobody needs for
ever: the log, which is, has it. Both lines are found together by time, event and name; neither holds a password, a
code or a token, and neither the text that somebody typed for a name that does not exist: that is often a password.

Every failed sign-in is in the log. On the trail are, each once an hour at most, the first failure for an account that
exists, its lock, and the lock of an address: somebody who tries for days cannot make the trail grow by more than two
entries an hour for each account and one more in all.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from pcorg.core.accounts.locks import client_address
from pcorg.core.audit import trail
from pcorg.core.audit.kinds import PEOPLE
from pcorg.core.audit.models import AuditEntry
from pcorg.core.audit.subjects import Subject

log = structlog.get_logger("pcorg.security")
ONCE_IN = timedelta(hours=1)
UNKNOWN = "a name that does not exist"
AN_ADDRESS = "an address"


def record(
    event: str,
    *,
    subject: str,
    by: str,
    request: HttpRequest | None = None,
    wrote: Collection[Subject] = (),
    **particulars: Any,
) -> None:
    """Log something that succeeded, and put it on the trail with the `wrote` subjects whose rows it wrote. Call it last
    in the write transaction.

    Raises TransactionManagementError outside a transaction.
    """
    log_alone(event, subject=subject, by=by, request=request, **particulars)
    trail.record(actor=by, action=event, subject=subject, particulars=particulars, wrote=wrote, altered=PEOPLE)


def log_alone(event: str, *, subject: str, by: str, request: HttpRequest | None = None, **particulars: Any) -> None:
    """Log something that succeeded and that comes on the trail in another way."""
    log.info(event, subject=subject, by=by, **_origin(request), **particulars)


def warn(event: str, *, subject: str, request: HttpRequest | None = None, **particulars: Any) -> None:
    """Log something that was refused."""
    log.warning(event, subject=subject, **_origin(request), **particulars)


def warn_of_failure(event: str, *, username: str | None, request: HttpRequest | None, **particulars: Any) -> None:
    """Record a failed sign-in or a lock: in the log always, on the trail once an hour for each account that exists."""
    name = known(username)
    warn(event, subject=name, request=request, **particulars)
    if name != UNKNOWN:
        _record_seldom(event, subject=name, particulars=particulars)


def known(username: str | None) -> str:
    """A user name that exists; for any other text, that it does not."""
    found = User.objects.filter(username=username or "").values_list("username", flat=True).first()
    return UNKNOWN if found is None else str(found)


def warn_of_address(event: str, *, request: HttpRequest, **particulars: Any) -> None:
    """Record the lock of an address: in the log always, on the trail once an hour in all."""
    warn(event, subject=AN_ADDRESS, request=request, **particulars)
    _record_seldom(event, subject=AN_ADDRESS, particulars=particulars)


def _record_seldom(event: str, *, subject: str, particulars: dict[str, Any]) -> None:
    since = timezone.now() - ONCE_IN
    if AuditEntry.objects.filter(subject=subject, action=event, at__gte=since).exists():
        return
    with transaction.atomic():
        trail.record(actor="stranger", action=event, subject=subject, particulars=particulars, altered=PEOPLE)


def _origin(request: HttpRequest | None) -> dict[str, str]:
    return {} if request is None else {"address": client_address(request)}
