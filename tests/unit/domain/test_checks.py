"""Every check, both ways: what passes, what advises, what blocks, and that it says why and cites its source."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from organisations.domain.changes import ChangeRequest
from organisations.domain.checks import CHECKS, Finding
from organisations.domain.checks.evidence import NEEDED_ON_A_BOARD
from organisations.domain.effects import effects_of, readable
from organisations.domain.forms import AllowedStep, TransitionGraph
from organisations.domain.lifecycle import steps_from
from organisations.domain.planning import plan
from organisations.domain.snapshot import PastChange, Snapshot
from organisations.domain.totals import Total, before_and_after
from organisations.domain.vocabulary import ChangeKind, ChangeStatus, RelationshipKind, Route
from tests.factories.snapshots import (
    DESIGNATION,
    MERGER,
    OF_A_GROUP,
    OPENED,
    PORTFOLIO,
    SUCCESSION,
    body,
    finding_of,
    member,
    move,
    neighbours,
    new,
    relationship,
    request,
    seat,
    share,
    world,
)

DAY = date(2003, 4, 1)
LATER = DAY + timedelta(days=365)
BOARD = tuple(seat(constituency, 1, DAY) for constituency in NEEDED_ON_A_BOARD)
GRAPH = TransitionGraph.of(
    [
        AllowedStep("pcg-2", "pct-3", Route.MERGER, date(2000, 4, 1), date(2004, 4, 1), MERGER),
        AllowedStep("pcg-2", "pct-3", Route.SUCCESSION, date(2000, 4, 1), date(2004, 4, 1), SUCCESSION),
        AllowedStep("pcg-2", "pcg-2", Route.SUCCESSION, checks=OF_A_GROUP),
        AllowedStep("pct-3", "care-trust", Route.DESIGNATION, date(2002, 4, 1), None, DESIGNATION),
        AllowedStep("pct-3", "pct-4", Route.LEVEL, date(2000, 4, 1)),
        AllowedStep("community-trust", "community-trust", Route.MERGER, checks=frozenset({"development-time"})),
    ]
)


def located(code: str, council: str) -> Any:
    return relationship(RelationshipKind.LOCATED_IN, code, council)


TOWN = world(
    body("A", "pcg-2", people=120_000),
    body("B", "pcg-2", people=110_000),
    body("C", "pcg-2", people=90_000),
    body("D", "pcg-2"),
    body("T", "pct-3", opened=date(2000, 4, 1), people=210_000),
    body("P", "gp-practice"),
    body("H", "community-trust"),
    body("LA", "local-authority"),
    body("LB", "local-authority"),
    relationships=(
        neighbours("A", "B"),
        neighbours("C", "T"),
        member("P", "A"),
        located("A", "LA"),
        located("B", "LA"),
        located("C", "LB"),
        located("T", "LB"),
    ),
    graph=GRAPH,
)


def merger(*originals: str, **given: Any) -> ChangeRequest:
    told = {"seats": given.pop("seats", BOARD)}
    if "people" in given:
        told["people"] = given.pop("people")
    return request(
        ChangeKind.MERGER,
        given.pop("on", DAY),
        originals,
        new=(new("N", given.pop("form", "pct-3"), on=DAY, **told),),
        **given,
    )


def designation(**given: Any) -> ChangeRequest:
    return request(ChangeKind.TRANSITION, DAY, ["T"], route=Route.DESIGNATION, to_form="care-trust", **given)


def provider_split() -> ChangeRequest:
    """A community trust in two."""
    return request(
        ChangeKind.SPLIT,
        DAY,
        ["H"],
        new=(new("I", "community-trust", on=DAY), new("J", "community-trust", on=DAY)),
        edges=(share("H", "I", "0.5"), share("H", "J", "0.5")),
    )


def remembering(*codes: str, on: date) -> Snapshot:
    return TOWN.remembering(PastChange(1, "past", ChangeKind.MERGER, on, 1, "An earlier merger", frozenset(codes)))


COVERED = replace(TOWN, covers={PORTFOLIO: (OPENED, DAY)})
COVERED_BEFORE = replace(TOWN, covers={PORTFOLIO: (OPENED, DAY - timedelta(days=1))})


@dataclass(frozen=True)
class Case:
    check: str
    outcome: str | None
    change: ChangeRequest
    state: Snapshot = TOWN
    says: str = ""


CASES = [
    Case("later-history", "pass", merger("A", "B")),
    Case("later-history", "block", merger("A", "B"), remembering("A", on=LATER), "An earlier merger on 31 March 2004"),
    Case("form-path", "pass", merger("A", "B")),
    Case("form-path", "block", merger("A", "B", form="pct-4"), says="no such step"),
    Case("form-path", "block", merger("A", "T"), says="Primary care trust, level 3 to Primary care trust, level 3"),
    Case("form-dates", "pass", merger("A", "B")),
    Case("form-dates", "pass", designation()),
    Case("population-in-range", "pass", merger("A", "B")),
    Case("population-in-range", "advise", merger("A", "B", people=150_000), says="150,000"),
    Case("population-in-range", "block", merger("A", "B", form="pcg-1", people=260_000), says="260,000"),
    Case("population-in-range", "advise", merger("A", "D"), says="not known: N body (at least 120,000)"),
    Case("population-in-range", "block", merger("A", "B", "C", "D", form="pcg-2"), says="at least 320,000"),
    Case("consultation-held", "block", merger("A", "B"), says="none is recorded"),
    Case("consultation-held", "pass", merger("A", "B", evidence={"consultation-held": "Summer"}), says="Summer"),
    Case("consultation-held", "block", merger("A", "B", evidence={"consultation-held": "  "})),
    Case("consultation-held", None, designation()),
    Case("joint-agreement", "block", designation(), says="none is recorded"),
    Case("joint-agreement", "pass", designation(evidence={"joint-agreement": "Imposed: no progress in two years"})),
    Case("joint-agreement", None, merger("A", "B")),
    Case("board-composition", "pass", merger("A", "B")),
    Case("board-composition", "block", merger("A", "B", seats=()), says="states none"),
    Case("board-composition", "block", merger("A", "B", seats=BOARD[:3]), says="lay members"),
    Case("board-composition", "pass", merger("A", "B", seats=(), evidence={"board-composition": "Agreed"})),
    Case("coterminous", "pass", merger("A", "B")),
    Case("coterminous", "advise", merger("A", "C"), says="Not the area of one council"),
    Case(
        "coterminous",
        "advise",
        merger("D", "D2"),
        world(*TOWN.bodies.values(), body("D2", "pcg-2"), graph=GRAPH),
        says="not known",
    ),
    Case("contiguous", "pass", merger("A", "B")),
    Case("contiguous", "advise", merger("A", "C"), says="Not joined to the rest: C"),
    Case("contiguous", "advise", merger("A", "D"), says="not known"),
    Case("whole-area", "pass", merger("A", "B")),
    Case("whole-area", "advise", merger("B", "C"), says="not held here"),
    Case("management-capacity", "advise", merger("A", "B"), says="No evidence"),
    Case("management-capacity", "pass", merger("A", "B", evidence={"management-capacity": "A joint team"})),
    Case("relations", "advise", designation(), says="not recorded"),
    Case("relations", "pass", designation(evidence={"relations": "Five years of joint work"})),
    Case("development-time", "advise", merger("A", "B"), remembering("A", on=date(2002, 4, 1)), "1 April 2002"),
    Case("development-time", "pass", merger("A", "B"), remembering("A", on=date(2001, 3, 1))),
    Case("development-time", "advise", provider_split(), remembering("H", on=date(2001, 10, 2)), "18 months before"),
    Case("development-time", "pass", provider_split(), remembering("H", on=date(2001, 10, 1)), "18 months"),
    Case("development-time", "advise", merger("A", "B"), remembering("A", on=date(2001, 4, 2)), "2 April 2001"),
    Case("development-time", "pass", merger("A", "B"), remembering("A", on=date(2001, 4, 1)), "two years"),
    Case("within-coverage", None, merger("A", "B")),
    Case("within-coverage", "pass", merger("A", "B"), COVERED, "1 April 1999 to 1 April 2003"),
    Case("within-coverage", "advise", merger("A", "B"), COVERED_BEFORE, "1 April 1999 to 31 March 2003"),
    Case("nothing-left-behind", "pass", merger("A", "B")),
    Case("nothing-left-behind", "block", request(ChangeKind.DISSOLUTION, DAY, ["A"]), says="P"),
    Case("nothing-left-behind", "pass", request(ChangeKind.DISSOLUTION, DAY, ["A"], moves=(move("P", "A", "B"),))),
    Case(
        "whole-area",
        "block",
        request(ChangeKind.RECONFIGURATION, DAY, ["A"], new=(new("N", "pcg-2", on=DAY),), edges=(share("A", "N"),)),
        says="P",
    ),
]


def found(case: Case) -> Finding | None:
    return finding_of(case.check, plan(case.change, case.state))


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.check}:{case.outcome}:{number}" for number, case in enumerate(CASES)]
)
def test_each_check_finds_what_it_should(case: Case) -> None:
    finding = found(case)
    if case.outcome is None:
        assert finding is None
        return
    assert finding is not None
    assert finding.outcome.value == case.outcome
    assert case.says in finding.message
    assert finding.message.endswith(".") or case.change.evidence
    assert finding.source


def test_form_dates_block_a_form_that_could_not_exist_yet() -> None:
    early = date(2001, 4, 1)
    change = request(ChangeKind.ESTABLISHMENT, early, new=(new("N", "care-trust", on=early),))
    finding = finding_of("form-dates", plan(change, TOWN))
    assert finding is not None
    assert finding.outcome.value == "block"
    assert "Care trust" in finding.message


def test_every_check_has_a_case_that_passes_and_one_that_does_not() -> None:
    for code in CHECKS.keys() - {"form-dates"}:
        outcomes = {case.outcome for case in CASES if case.check == code}
        assert "pass" in outcomes, code
        assert outcomes & {"advise", "block"}, code


def test_effects_tell_every_operation_in_order() -> None:
    made = plan(merger("A", "B"), TOWN)
    told = effects_of(made)
    assert [effect.operation for effect in told] == [operation.verb for operation in made.operations]
    closing = next(effect for effect in told if effect.operation == "close-organisation" and effect.subject == "A")
    assert (closing.before["closed"], closing.after["closed"]) == (None, DAY)
    counted = next(effect for effect in told if effect.operation == "record-population")
    assert counted.after["population"] == 230_000


def test_effects_are_stored_as_plain_data_and_restored() -> None:
    effects = effects_of(plan(merger("A", "B"), TOWN))
    kept = json.loads(json.dumps([effect.stored() for effect in effects]))
    assert list(readable(kept)) == effects
    assert list(readable([{"operation": "close-form"}, 7, *kept])) == effects
    assert list(readable({})) == []


def test_totals_count_what_is_known_and_say_how_much_is_not() -> None:
    before, after = before_and_after(plan(merger("A", "D"), TOWN))
    at_least = Total(120_000, complete=False)
    assert (before.bodies, before.population, before.population_unknown) == (2, at_least, 1)
    assert (after.bodies, after.population, after.population_unknown) == (1, at_least, 1)
    assert before.councils == Total(1, complete=False)
    assert (before.members, after.members) == (Total(1, complete=False), Total(1))


@pytest.mark.parametrize("status", ChangeStatus)
def test_a_finished_change_can_go_nowhere_and_an_open_one_somewhere(status: ChangeStatus) -> None:
    finished = {ChangeStatus.EFFECTED, ChangeStatus.REJECTED, ChangeStatus.WITHDRAWN}
    assert bool(steps_from(status)) is (status not in finished)
