"""Where somebody is signed in: how long that lasts, and ending it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from structlog.contextvars import bind_contextvars

from pcorg.core.accounts import second_factor, security
from pcorg.core.accounts.locks import browser_of, client_address, write_unless_locked
from pcorg.core.accounts.models import SignIn
from pcorg.core.http.middleware import Middleware

SEEN_TO = timedelta(minutes=1)
"""How exactly the last use of a session is known: a write for each request would be a waste."""


def begin(request: HttpRequest, user: User) -> None:
    """Keep that a session began with this request, which has just signed somebody in."""
    now = timezone.now()
    SignIn.objects.create(
        session_id=str(request.session.session_key),
        user=user,
        began=now,
        seen=now,
        address=client_address(request)[:45],
        browser=browser_of(request),
    )


@transaction.atomic
def renew(request: HttpRequest, user: User) -> None:
    """Go on in a session with a new key, as somebody who has signed in anew."""
    request.session.cycle_key()
    begin(request, user)


def go_on(request: HttpRequest) -> None:
    """Let a session go on, or end it where it was not used for too long or has lasted too long. One query, and a write
    every minute."""
    if not request.session.session_key or not request.user.is_authenticated:
        return
    sign_in = SignIn.objects.filter(session_id=request.session.session_key).first()
    if sign_in is None:
        write_unless_locked(lambda: begin(request, request.user))  # type: ignore[arg-type]
        return
    now = timezone.now()
    if _is_over(sign_in, now):
        with transaction.atomic():
            name = request.user.get_username()
            auth.logout(request)
            security.record("session-ended", subject=name, by="the clock", request=request)
        messages.info(request, "You were signed out, because you had been away or signed in for long. Sign in again.")
    elif now - sign_in.seen >= SEEN_TO:
        write_unless_locked(
            lambda: SignIn.objects.filter(pk=sign_in.pk).update(seen=now, address=client_address(request)[:45])
        )


def open_sessions(user: User) -> list[SignIn]:
    """The sessions of somebody that go on, the one used last first."""
    now = timezone.now()
    found = SignIn.objects.filter(user=user, session__expire_date__gt=now)
    return [sign_in for sign_in in found if not _is_over(sign_in, now)]


@transaction.atomic
def end(*, user: User, began: datetime | None, by: str, keep: str | None, request: HttpRequest | None = None) -> int:
    """End a person's sessions: the one that began at a moment or, where None is given, all but the one kept. Tells how
    many were ended."""
    found = Session.objects.filter(sign_in__user=user).exclude(session_key=keep)
    if began is not None:
        found = found.filter(sign_in__began=began)
    number = found.count()
    if number:
        found.delete()
        security.record("end-sessions", subject=user.get_username(), by=by, request=request, sessions=number)
    return number


def _is_over(sign_in: SignIn, now: datetime) -> bool:
    idle: timedelta = settings.SESSION_IDLE
    longest: timedelta = settings.SESSION_LONGEST
    return now - sign_in.seen >= idle or now - sign_in.began >= longest


class SessionsEnd(Middleware):
    """Ends sessions that were not used for long, and gives the others no more of their owner's roles than the second
    factor lets them. Stands after those that find the user and the messages."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.session.session_key:
            go_on(request)
            if request.user.is_authenticated:
                bind_contextvars(user=request.user.pk)  # every line that is logged of this request says who asked
        user = request.user
        request.user = SimpleLazyObject(lambda: second_factor.limited(user))  # type: ignore[assignment]
        return self.get_response(request)
