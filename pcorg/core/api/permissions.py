"""Reading is open; writing is as the policies say."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from pcorg.core.accounts.actors import actor_with, reader_of
from pcorg.core.accounts.roles import roles_held
from pcorg.core.policies import can


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
        verdict = can(reader_of(request.user) if reads else view.actor, permission)
        credential = getattr(request.user, "credential", None)
        self.message = verdict.reason
        if (
            credential is not None
            and not verdict
            and can(actor_with(request.user, roles_held(request.user)), permission)
        ):
            self.message = credential.why
        return verdict.allowed
