"""What every request of somebody signed in passes through."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject
from structlog.contextvars import bind_contextvars

from pcorg.core.accounts import second_factor, sessions

Answer = Callable[[HttpRequest], HttpResponseBase]


class SessionsEnd:
    """Ends sessions that were not used for long, and gives the others no more of their owner's roles than the second
    factor lets them. Stands after those that find the user and the messages."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.session.session_key:
            sessions.go_on(request)
            if request.user.is_authenticated:
                bind_contextvars(user=request.user.pk)  # every line that is logged of this request says who asked
        known = request.user
        request.user = SimpleLazyObject(lambda: second_factor.limited(known))  # type: ignore[assignment]
        return self.get_response(request)
