"""Who is asking: a token in the header, for programs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.models import AuthToken
from structlog.contextvars import bind_contextvars

from pcorg.core.accounts.credentials import TokenCredential
from pcorg.core.accounts.tokens import scope_of


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

    target_class = "pcorg.core.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token …`, from the account page or the command `api_token`.",
        }
