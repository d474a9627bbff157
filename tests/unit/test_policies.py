"""The policies: one verdict for whoever asks, with the reason; people are who they are by id."""

from __future__ import annotations

import pytest
from django.apps import apps

import commissioning.policies
import evaluation.policies
import organisations.policies
import pcorg.core.audit.reading
from pcorg.core.policies import ALLOWED, ANONYMOUS, Actor, Permission, RequiredRole, Rule, Verdict, can, register


class Play(Permission):
    """Deeds of this test."""

    SING = "sing"
    DANCE = "dance"


def awake(by: Actor, thing: str) -> Verdict:
    return ALLOWED if thing != "asleep" else Verdict("not-allowed-in-status", "It is asleep.")


register(
    {Play.SING: Rule(RequiredRole.COMMISSIONER, "sing", (awake,)), Play.DANCE: Rule(RequiredRole.AUDITOR, "dance")},
)

ANN = Actor("ann", id=1, commissions=True)
BOB = Actor("bob", id=2, commissions=True, approves=True)
DORA = Actor("dora", id=3, administers=True)


def test_a_verdict_says_why_not() -> None:
    assert can(ANN, Play.SING)
    assert can(ANN, Play.SING, "awake")
    assert can(ANN, Play.SING, "asleep") == Verdict("not-allowed-in-status", "It is asleep.")
    assert can(DORA, Play.SING, "asleep") == Verdict("forbidden", "Only commissioners and approvers sing.")
    assert [can(by, Play.DANCE).allowed for by in (ANONYMOUS, ANN, BOB, DORA)] == [False, False, True, True]


def test_a_deed_has_one_rule_and_every_deed_has_it() -> None:
    with pytest.raises(ValueError, match="SING"):
        register({Play.SING: Rule(RequiredRole.SIGNED_IN, "sing")})
    asked = [permission for kind in Permission.__subclasses__() for permission in kind]
    assert len(asked) > 20, [module.__name__ for module in (commissioning, evaluation, organisations, pcorg.core.audit)]
    assert apps.ready
    for permission in asked:
        assert not can(ANONYMOUS, permission), permission


def test_people_are_known_by_id_also_after_a_rename() -> None:
    renamed, namesake, command = Actor("anna", id=1), Actor("ann", id=9), Actor("ann")
    assert renamed.is_same(1, "ann")
    assert not namesake.is_same(1, "ann")
    assert not namesake.is_same(None, "ann")
    assert command.is_same(None, "ann")
    assert not ANONYMOUS.is_same(None, "")


def test_what_nobody_may_do_twice_is_refused_on_a_name_where_there_is_no_id() -> None:
    namesake, command = Actor("ann", id=9), Actor("ann")
    assert namesake.may_be(None, "ann")
    assert command.may_be(1, "ann")
    assert not namesake.may_be(1, "ann")
    assert not ANONYMOUS.may_be(None, "")
