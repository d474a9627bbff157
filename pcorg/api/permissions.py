"""Reading is open; writing takes a role."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from pcorg.accounts.roles import Role, roles_of


class ReadOpenWriteByRole(BasePermission):
    """Anyone reads, save where the view names the roles of its `readers`. An action that writes names the role
    it takes in its view's `roles`; one that names none is open to nobody. Actions in `open_actions` are reads that
    come by POST."""

    message = "You do not hold the role this takes."

    def has_permission(self, request: Request, view: Any) -> bool:
        action = getattr(view, "action", None)
        readers: frozenset[Role] | None = getattr(view, "readers", None)
        if readers is not None and action is not None:
            return bool(readers & roles_of(request.user))
        if request.method in SAFE_METHODS or action is None or action in getattr(view, "open_actions", ()):
            return True  # a method the address does not take is answered as such, not as a matter of permission
        if not request.user.is_authenticated:
            return False
        role = getattr(view, "roles", {}).get(action)
        return role is not None and role in roles_of(request.user)
