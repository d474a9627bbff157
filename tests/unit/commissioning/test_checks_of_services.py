"""The checks of services that pass, both ways: the residue, the only provider, and what was grouped first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.domain.vocabulary import ChangeKind, Route
from tests.factories import holdings as make
from tests.factories.snapshots import body, move, new, request
from tests.unit.commissioning.checking import BODIES, DAY, Case, assert_finds, found, separation, transfer

NURSING, THERAPY = "district-nurses", "physiotherapy"
LEVEL_4 = request(ChangeKind.TRANSITION, DAY, ["U"], route=Route.LEVEL, to_form="pct-4")


def from_community(*services: str, to: str = "U") -> Any:
    return transfer("COMMUNITY", to, moves=tuple(move(each, "COMMUNITY", to) for each in services))


def provided(*services: str, by: str = "COMMUNITY", people: str = "U", **more: Any) -> tuple[make.Thing, ...]:
    """Services under codes S1, S2 …"""
    return tuple(make.provision(f"S{number}", each, by, people, **more) for number, each in enumerate(services, 1))


RESIDUE = {
    "a part comes over": Case(
        from_community(NURSING),
        "advise",
        "Service S1 (£1,000 a year, 10.00 whole-time equivalent) would come to U body from COMMUNITY body, which would "
        "be left with 1 service of 2, £1,000 a year (50 per cent of what its services bring in) and 10.00 whole-time "
        "equivalent staff.",
        provided(NURSING, THERAPY),
    ),
    "all of it comes over": Case(
        from_community(NURSING, THERAPY),
        "advise",
        "Service S1, Service S2 (£2,000 a year, 20.00 whole-time equivalent) would come to U body from COMMUNITY body, "
        "which would be left with 0 services of 2, £0 a year (0 per cent of what its services bring in) and 0 "
        "whole-time equivalent staff.",
        provided(NURSING, THERAPY),
    ),
    "what is not known is said": Case(
        from_community(NURSING),
        "advise",
        "Service S1 (£0 a year, 0 whole-time equivalent) would come to U body from COMMUNITY body, which would be left "
        "with 0 services of 1 and 0 whole-time equivalent staff. The cost of 1 service is not known. The staff of 1 "
        "service are not known.",
        provided(NURSING, value=None, wte=None),
    ),
    "from another trust for primary care": Case(
        transfer("T", "U", moves=(move(NURSING, "T", "U"),)), None, things=provided(NURSING, by="T")
    ),
    "a contract alone": Case(
        transfer("COMMUNITY", "U", moves=(move("C", "COMMUNITY", "U"),)),
        None,
        things=(make.contract("C", "T", "COMMUNITY"),),
    ),
    "a trust that ends": Case(
        request(ChangeKind.DISSOLUTION, DAY, ["COMMUNITY"], moves=(move("S1", "COMMUNITY", "U"),)),
        None,
        things=provided(NURSING),
    ),
    "level 4 with services of its own": Case(
        LEVEL_4,
        "pass",
        "It provides 2 community services itself, and none is taken from another trust by this change.",
        provided(NURSING, THERAPY, by="U"),
    ),
    "level 4 and others provide": Case(
        LEVEL_4,
        "advise",
        "It would provide community services, and none comes over with this change. Still with COMMUNITY body: "
        "Service S1. A transfer names those that are to come.",
        provided(NURSING),
    ),
    "level 4 and nobody is known to provide": Case(
        LEVEL_4, "advise", "Who provides community services for its people is not held here."
    ),
    "another step": Case(request(ChangeKind.RENAME, DAY, ["U"], name="Another"), None, things=provided(NURSING)),
}


@pytest.mark.parametrize("case", RESIDUE.values(), ids=RESIDUE.keys())
def test_community_provider(case: Case) -> None:
    assert_finds("community-provider", case)


@given(st.lists(st.tuples(st.integers(0, 900), st.booleans()), min_size=1, max_size=6))
def test_what_goes_and_what_is_left_add_up_to_what_there_was(services: list[tuple[int, bool]]) -> None:
    """The residue is told in pounds and in services; it and what comes over make the whole."""
    things = [
        make.provision(f"S{number}", f"service-{number}", "COMMUNITY", "U", value=f"{value}.00", wte="1.00")
        for number, (value, _) in enumerate(services)
    ]
    going = tuple(move(f"S{number}", "COMMUNITY", "U") for number, (_, goes) in enumerate(services) if goes)
    if not going:
        return
    finding = found("community-provider", Case(transfer("COMMUNITY", "U", moves=going), None, things=tuple(things)))
    assert finding is not None
    worth, left = (sum(value for value, goes in services if goes is which) for which in (True, False))
    assert f"(£{worth:,} a year, {Decimal(len(going)):.2f} whole-time" in finding.message
    stay = len(services) - len(going)
    noun = "service" if stay == 1 else "services"
    assert f"be left with {stay} {noun} of {len(services)}" in finding.message
    assert not worth + left or f" £{left:,} a year (" in finding.message


TAKES = (move(NURSING, "T", "ARM"),)
INDEPENDENT = " It would be independent of the NHS."
ALONE = {
    "nobody else": Case(
        separation(moves=TAKES),
        "advise",
        f"ARM body would be the only provider of Service S1 for the people of T body.{INDEPENDENT}",
        provided(NURSING, by="T", people="T"),
    ),
    "somebody else for other people": Case(
        separation(moves=TAKES),
        "advise",
        f"ARM body would be the only provider of Service S1 for the people of T body.{INDEPENDENT}",
        (*provided(NURSING, by="T", people="T"), make.provision("S9", NURSING, "COMMUNITY", "U")),
    ),
    "somebody else until the day": Case(
        separation(moves=TAKES),
        "advise",
        f"ARM body would be the only provider of Service S1 for the people of T body.{INDEPENDENT}",
        (*provided(NURSING, by="T", people="T"), make.provision("S9", NURSING, "COMMUNITY", "T", end=DAY)),
    ),
    "somebody else for the same people": Case(
        separation(moves=TAKES),
        "pass",
        "Somebody else provides each of its services for the same people.",
        (*provided(NURSING, by="T", people="T"), make.provision("S9", NURSING, "COMMUNITY", "T")),
    ),
    "nobody else for a neighbour's people": Case(
        separation(moves=TAKES),
        "advise",
        f"ARM body would be the only provider of Service S1 for the people of U body.{INDEPENDENT}",
        provided(NURSING, by="T", people="U"),
    ),
    "somebody else for a neighbour's people": Case(
        separation(moves=TAKES),
        "pass",
        "Somebody else provides each of its services for the same people.",
        (*provided(NURSING, by="T", people="U"), make.provision("S9", NURSING, "COMMUNITY", "U")),
    ),
    "in the family of the NHS": Case(
        separation("provider-unit", moves=TAKES), None, things=provided(NURSING, by="T", people="T")
    ),
    "nothing goes": Case(
        separation(),
        "advise",
        "Which services it would provide is not held here.",
        things=provided(NURSING, by="T", people="T"),
    ),
    "independent before": Case(
        request(ChangeKind.RENAME, DAY, ["CIC"], name="Another"),
        None,
        things=provided(NURSING, by="CIC", people="T"),
        bodies=(*BODIES, body("CIC", "community-interest-company")),
    ),
}


@pytest.mark.parametrize("case", ALONE.values(), ids=ALONE.keys())
def test_monopoly(case: Case) -> None:
    assert_finds("monopoly", case)


GROUPED = (make.arm("V", "T"), make.group("G", "V", "T", NURSING, THERAPY))
BOTH = provided(NURSING, THERAPY, by="T", people="T")
FIRST = {
    "grouped": Case(
        separation(moves=(move("G", "T", "ARM"),)),
        "pass",
        "Every service that goes is in a group of the trust's portfolio (Group G).",
        (*GROUPED, *BOTH),
    ),
    "in no group": Case(
        separation(moves=(move(NURSING, "T", "ARM"), move(THERAPY, "T", "ARM"))),
        "advise",
        "In no group of the trust's portfolio: Service S2. The form was chosen before it was settled which services "
        "belong together.",
        (make.arm("V", "T"), make.group("G", "V", "T", NURSING), *BOTH),
    ),
    "grouped only afterwards": Case(
        separation(moves=TAKES),
        "advise",
        "In no group of the trust's portfolio: Service S1. The form was chosen before it was settled which services "
        "belong together.",
        (make.arm("V", "T"), make.group("G", "V", "T", NURSING, start=DAY.replace(year=2004)), *BOTH),
    ),
    "no service named": Case(
        separation(),
        "advise",
        "No service is named that would go with it. Group the arm's services by what belongs together, then name the "
        "group in moves.",
        (*GROUPED, *BOTH),
    ),
    "a form in the NHS asks it too": Case(
        separation("provider-unit", moves=(move("G", "T", "ARM"),)),
        "pass",
        "Every service that goes is in a group of the trust's portfolio (Group G).",
        (*GROUPED, *BOTH),
    ),
    "not a provider arm": Case(separation("pct-4", moves=TAKES), None, things=BOTH),
    "a transfer chooses no form": Case(transfer("T", "U", moves=(move(NURSING, "T", "U"),)), None, things=BOTH),
    "a new body of another kind": Case(
        request(ChangeKind.ESTABLISHMENT, DAY, new=(new("N", "community-trust", on=DAY),)), None, things=BOTH
    ),
}


@pytest.mark.parametrize("case", FIRST.values(), ids=FIRST.keys())
def test_coherence_first(case: Case) -> None:
    assert_finds("coherence-first", case)
