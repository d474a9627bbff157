"""The three roles and what each may do. A role is a Django group of the same name."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, User

from pcorg.core.vocabulary import Term


class Role(Term):
    """Who a signed-in person is to the product (time and identity: who decides)."""

    COMMISSIONER = "commissioner", "Commissioner: proposes, consults, withdraws, assesses"
    APPROVER = "approver", "Approver: that, and approves, rejects, carries out; never an own proposal"
    DATA_ADMINISTRATOR = "data-administrator", "Data administrator: loads portfolios, edits reference records"


def roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    """The roles a user may act in now: those held, as far as what they signed in with carries them. An approver is also
    a commissioner. One query for a signed-in user, else none."""
    held = roles_held(user)
    credential = getattr(user, "credential", None)
    return held if credential is None else credential.carries(held)


def reading_roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    """The roles a user may read in now: a token that does not write still reads what its owner may. One query."""
    held = roles_held(user)
    credential = getattr(user, "credential", None)
    return held if credential is None else credential.reads(held)


def roles_held(user: User | AnonymousUser) -> frozenset[Role]:
    """The roles a user holds, whatever they signed in with. One query for a signed-in user, else none."""
    if not user.is_authenticated:
        return frozenset()
    names = set(user.groups.values_list("name", flat=True))
    held = {role for role in Role if role.value in names}
    if Role.APPROVER in held:
        held.add(Role.COMMISSIONER)
    return frozenset(held)
