"""The roles of people, what of them a session or a token carries, and the actor that somebody is to the policies.

A role is a Django group of the same name. A token carries the roles of its scope. A session carries all, save where a
second factor is required and was not given. The roles that anybody has at work are asked for in one place, `roles_of`:
so these limits hold for the API, the pages and the services behind them alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.apps import AppConfig
from django.apps.registry import Apps
from django.apps.registry import apps as registry
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied

from pcorg.core.policies import Actor, Permission, can
from pcorg.core.vocabulary import Term


class TokenScope(Term):
    """How far a token reaches. None reaches further than its owner's roles."""

    READ = "read", "Read only"
    PROPOSE = "propose", "Propose: read, and propose, amend, comment, consult, withdraw and assess"
    ALL = "all", "All that my roles may"


class Role(Term):
    """Who a signed-in person is to the product (time and identity: who decides)."""

    COMMISSIONER = "commissioner", "Commissioner: proposes, consults, withdraws, assesses"
    APPROVER = "approver", "Approver: that, and approves, rejects, carries out; never an own proposal"
    DATA_ADMINISTRATOR = "data-administrator", "Data administrator: loads portfolios, edits reference records"


def roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    """The roles a user may act in now: those held, as far as what they signed in with carries them. An approver is also
    a commissioner. One query for a signed-in user, else none."""
    roles = roles_held(user)
    credential = getattr(user, "credential", None)
    return roles if credential is None else credential.carries(roles)


def reading_roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    """The roles a user may read in now: a token that does not write still reads what its owner may. One query."""
    roles = roles_held(user)
    credential = getattr(user, "credential", None)
    return roles if credential is None else credential.reads(roles)


def roles_held(user: User | AnonymousUser) -> frozenset[Role]:
    """The roles a user holds, whatever they signed in with. One query for a signed-in user, else none."""
    if not user.is_authenticated:
        return frozenset()
    names = set(user.groups.values_list("name", flat=True))
    roles = {role for role in Role if role.value in names}
    if Role.APPROVER in roles:
        roles.add(Role.COMMISSIONER)
    return frozenset(roles)


Roles = frozenset[Role]


class Credential(Protocol):
    """The credential that a request was authenticated with."""

    def carries(self, roles: Roles) -> Roles:
        """Which of the roles held it may act in."""

    def reads(self, roles: Roles) -> Roles:
        """Which of the roles held it may read in."""

    @property
    def writes(self) -> bool:
        """Whether anything may be written by it, whatever role that takes."""

    @property
    def why(self) -> str:
        """Why it does not carry every role that is held."""


@dataclass(frozen=True, slots=True)
class TokenCredential:
    """A token of a scope."""

    scope: TokenScope

    def carries(self, roles: Roles) -> Roles:
        if self.scope is TokenScope.ALL:
            return roles
        return roles & {Role.COMMISSIONER} if self.scope is TokenScope.PROPOSE else frozenset()

    def reads(self, roles: Roles) -> Roles:
        return roles

    @property
    def writes(self) -> bool:
        return self.scope is not TokenScope.READ

    @property
    def why(self) -> str:
        does = "only reads" if self.scope is TokenScope.READ else "proposes and assesses, and does not decide or load"
        return f"You hold the role this takes, but the token you sent {does}: its scope is {self.scope.value}."


@dataclass(frozen=True, slots=True)
class UnverifiedSession:
    """A session without the second factor that is required of its owner. `withheld` are the roles it then lacks."""

    withheld: Roles

    def carries(self, roles: Roles) -> Roles:
        return roles - self.withheld

    def reads(self, roles: Roles) -> Roles:
        return roles - self.withheld

    @property
    def writes(self) -> bool:
        return True

    @property
    def why(self) -> str:
        return "This takes a second factor. Set up an authenticator app on your account page, then try again."


def actor_of(user: User | AnonymousUser) -> Actor:
    """The actor a user is, as far as what they signed in with reaches. One query for a signed-in user."""
    return actor_with(user, roles_of(user))


def reader_of(user: User | AnonymousUser) -> Actor:
    """The actor a user is where nothing is written. One query for a signed-in user."""
    return actor_with(user, reading_roles_of(user))


def actor_with(user: User | AnonymousUser, roles: frozenset[Role]) -> Actor:
    """The actor a user is in these roles."""
    return Actor(
        user.get_username(),
        commissions=Role.COMMISSIONER in roles,
        approves=Role.APPROVER in roles,
        id=user.pk,
        administers=Role.DATA_ADMINISTRATOR in roles,
    )


def actor_who_may(user: User | AnonymousUser, permission: Permission) -> Actor:
    """The same, for a page that only those see who have a permission. Raises PermissionDenied with the policy's
    reason."""
    by = actor_of(user)
    verdict = can(by, permission)
    if not verdict:
        raise PermissionDenied(verdict.reason)
    return by


REFERENCE_MODELS = {
    "organisations": ("form", "glossaryterm", "policycheck", "source", "transitionrule"),
    "commissioning": (
        "approach",
        "armoption",
        "armoptionpoint",
        "contracttype",
        "recommendation",
        "service",
        "servicegroup",
        "staffgroup",
        "staffrole",
    ),
    "evaluation": ("criterion", "evidence", "framework", "integrationoption", "mitigation"),
}
"""Models of reference records, by app."""


def give_roles_their_permissions(sender: AppConfig, using: str, apps: Apps = registry, **_: Any) -> None:
    """Makes the roles' groups and lets data administrators see, add, change and delete reference records.

    It runs after the migrations of each app that has some, when Django has made that app's permissions: a migration
    would run before them. After a flush it makes everything again. Writes nothing where nothing is missing.
    """
    if sender.label not in REFERENCE_MODELS:
        return
    try:
        group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:  # migrated back to a state without users
        return
    for role in Role:
        group.objects.using(using).get_or_create(name=role.value)
    administrators = group.objects.using(using).get(name=Role.DATA_ADMINISTRATOR.value)
    administrators.permissions.add(
        *permission.objects.using(using).filter(
            content_type__app_label=sender.label, content_type__model__in=REFERENCE_MODELS[sender.label]
        )
    )
