"""Who is asking: a token in the header, for programs."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication as KnoxTokenAuthentication


class TokenAuthentication(KnoxTokenAuthentication):
    """`Authorization: Token …`. Tokens are kept hashed and expire; a wrong or expired one is refused, not
    ignored."""


class TokenScheme(OpenApiAuthenticationExtension):
    """The token in the API description."""

    target_class = "pcorg.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token …`, from the account page or the command `api_token`.",
        }
