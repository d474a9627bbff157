"""Who a request is from, and whether they may do what it asks."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.models import AuthToken
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from structlog.contextvars import bind_contextvars

from pcorg.core.accounts.roles import TokenCredential, actor_with, reader_of, roles_held
from pcorg.core.accounts.tokens import scope_of
from pcorg.core.policies import can


class TokenAuthentication(KnoxTokenAuthentication):
    """`Authorization: Token …`. Tokens are kept hashed and expire; a wrong or expired one is refused, not
    ignored. The user it stands for acts within the scope of the token."""

    def validate_user(self, auth_token: AuthToken) -> tuple[User, AuthToken]:
        user, token = super().validate_user(auth_token)
        user.credential = TokenCredential(scope_of(token))
        bind_contextvars(user=user.pk)
        return user, token


class TokenScheme(OpenApiAuthenticationExtension):
    """The token in the API description."""

    target_class = "pcorg.core.api.access.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token …`, from the account page or the command `api_token`.",
        }


class ReadOpenWriteByPolicy(BasePermission):
    """Anyone reads, save where the view names the permission that reading takes (`reads`). An action that writes names
    its permission in its view's `permissions`; one that names none is open to nobody. Actions in `open_actions` are
    reads that come by POST.

    This asks of the person alone. What must hold of the thing too is asked where it is read, under its lock.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        action = getattr(view, "action", None)
        if action is None:
            return True  # a method the address does not take is answered as such, not as a matter of permission
        reads = request.method in SAFE_METHODS or action in getattr(view, "open_actions", ())
        permission = getattr(view, "reads", None) if reads else getattr(view, "permissions", {}).get(action)
        if permission is None and reads:
            return True
        if permission is None or not request.user.is_authenticated:
            self.message = "You may not do this."
            return False
        credential = getattr(request.user, "credential", None)
        if not reads and credential is not None and not credential.writes:
            self.message = credential.why
            return False
        verdict = can(reader_of(request.user) if reads else view.actor, permission)
        self.message = verdict.reason
        if (
            credential is not None
            and not verdict
            and can(actor_with(request.user, roles_held(request.user)), permission)
        ):
            self.message = credential.why
        return verdict.allowed
