"""Pages of signing in and of a person's own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods


class SignedInRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


def own_account(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Make a view one of a person's own account: for those signed in, never cached, and what is typed into it never
    logged. It takes these methods."""

    def decorated(view: Callable[..., HttpResponse]) -> Any:
        signed_in = login_required(require_http_methods(methods)(view))
        return sensitive_post_parameters()(never_cache(signed_in))

    return decorated
