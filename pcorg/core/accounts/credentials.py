"""By what somebody is known on a request, and which of their roles that carries.

A token carries the roles of its scope. A session carries all, save where a second factor is required and was not given.
The roles that anybody has at work are asked for in one place, `roles_of`, which asks here: so these limits hold for
the API, the pages and the actions behind them alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pcorg.core.accounts.roles import Role
from pcorg.core.accounts.scopes import TokenScope

Roles = frozenset[Role]


class Credential(Protocol):
    """What a request was let in by."""

    def carries(self, held: Roles) -> Roles:
        """Which of the roles held it may act in."""

    def reads(self, held: Roles) -> Roles:
        """Which of the roles held it may read in."""

    @property
    def why(self) -> str:
        """Why it does not carry every role that is held."""


@dataclass(frozen=True, slots=True)
class TokenCredential:
    """A token of a scope."""

    scope: TokenScope

    def carries(self, held: Roles) -> Roles:
        if self.scope is TokenScope.ALL:
            return held
        return held & {Role.COMMISSIONER} if self.scope is TokenScope.PROPOSE else frozenset()

    def reads(self, held: Roles) -> Roles:
        return held

    @property
    def why(self) -> str:
        does = "only reads" if self.scope is TokenScope.READ else "proposes and assesses, and does not decide or load"
        return f"You hold the role this takes, but the token you sent {does}: its scope is {self.scope.value}."


@dataclass(frozen=True, slots=True)
class UnverifiedSession:
    """A session without the second factor that is required of its owner. `withheld` are the roles it then lacks."""

    withheld: Roles

    def carries(self, held: Roles) -> Roles:
        return held - self.withheld

    def reads(self, held: Roles) -> Roles:
        return held - self.withheld

    @property
    def why(self) -> str:
        return "This takes a second factor. Set up an authenticator app on your account page, then try again."
