"""Planning a provider arm: dates that leave time, a path in order, every service carried once, all faults at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioning.domain.arm_planning import (
    ArmPlan,
    Going,
    PlannedGroup,
    carried_by,
    completed,
    developed_by,
    earliest,
    findings_of,
    goings,
    load_of,
    path,
    problems_of,
    straddling,
    suggested_dates,
    wanting,
)
from commissioning.domain.arm_planning.dates import MONTHS_APART, too_close
from commissioning.domain.holdings import Holding, Holdings, Item
from commissioning.domain.vocabulary import HoldingKind, PartyRole, Separation
from commissioning.web.presenters.arm_planner.board import carried
from commissioning.web.presenters.arm_planner.outcome import load_row
from organisations.domain.checks import Finding
from organisations.domain.forms import FormFacts
from organisations.domain.vocabulary import Family, Nature, Outcome
from pcorg.core.periods import Period

START = date(2009, 4, 1)
INTEREST, FOUNDATION, UNIT = "community-interest-company", "community-foundation-trust", "provider-unit"
VERTICAL = "vertical-integration"
FORMS = {
    slug: FormFacts(slug, slug.replace("-", " "), Family.PROVIDER_ARM_NHS, nature)
    for slug, nature in (
        (INTEREST, Nature.BODY),
        (FOUNDATION, Nature.BODY),
        (UNIT, Nature.PART),
        (VERTICAL, Nature.PART),
    )
}
SERVICES = ("advice", "nursing", "therapy", "visiting")


def plan(*groups: PlannedGroup, separation: Separation = Separation.ARMS_LENGTH, start: date = START) -> ArmPlan:
    return ArmPlan("X-T", "Test Primary Care Trust", start, separation, groups)


def group(title: str = "Care", *services: str, **facts: object) -> PlannedGroup:
    return PlannedGroup(title, services, **({"coherence": "The same families."} | facts))  # type: ignore[arg-type]


def item(kind: HoldingKind, code: str, *services: str) -> Item:
    return Item(kind, code, f"Thing {code}", frozenset(services))


def provision(code: str, service: str, wte: str | None = "10", value: str | None = "100") -> tuple[Item, Holding]:
    amounts = (("wte", wte and Decimal(wte)), ("annual_value", value and Decimal(value)), ("contacts", None))
    return item(HoldingKind.PROVISION, code, service), Holding(
        HoldingKind.PROVISION,
        code,
        ((PartyRole.PROVIDER, "X-T"), (PartyRole.POPULATION_OF, "X-T")),
        Period(date(2006, 10, 1)),
        amounts,  # type: ignore[arg-type]
    )


def contract(code: str, *services: str, provider: str = "X-T") -> tuple[Item, Holding]:
    parties = ((PartyRole.COMMISSIONER, "X-T"), (PartyRole.PROVIDER, provider))
    amounts = (("annual_value", Decimal(50)),)
    return item(HoldingKind.CONTRACT, code, *services), Holding(
        HoldingKind.CONTRACT, code, parties, Period(date(2006, 10, 1)), amounts
    )


def staffing(code: str, *services: str) -> tuple[Item, Holding]:
    holding = Holding(
        HoldingKind.STAFFING,
        code,
        ((PartyRole.ORGANISATION, "X-T"),),
        Period(date(2006, 10, 1)),
        (("wte", Decimal(7)), ("headcount", None)),
    )
    return item(HoldingKind.STAFFING, code, *services), holding


def held(*things: tuple[Item, Holding]) -> Holdings:
    return Holdings([thing for thing, _ in things], [holding for _, holding in things])


WORLD = held(
    *(provision(f"S-{service}", service) for service in SERVICES),
    contract("C-1", "nursing"),
    contract("C-2", "therapy", "visiting"),
    contract("C-3", "advice", provider="X-H"),
    contract("C-4"),
    staffing("W-1", "nursing"),
    staffing("W-2"),
)


def outcomes(found: list[Finding]) -> dict[str, tuple[Outcome, str]]:
    return {finding.code: (finding.outcome, finding.message) for finding in found}


def weighed(made: ArmPlan, known: Holdings = WORLD) -> dict[str, tuple[Outcome, str]]:
    return outcomes(findings_of(made, SERVICES, known, FORMS, str))


# Time.


@pytest.mark.parametrize(
    ("form", "start", "ready", "first"),
    [
        (INTEREST, date(2009, 4, 1), date(2010, 10, 1), date(2010, 10, 1)),
        (INTEREST, date(2009, 3, 1), date(2010, 9, 1), date(2010, 10, 1)),
        (INTEREST, date(2008, 8, 31), date(2010, 2, 28), date(2010, 4, 1)),
        (FOUNDATION, date(2009, 4, 1), date(2012, 4, 1), date(2012, 4, 1)),
        (FOUNDATION, date(2009, 11, 2), date(2012, 11, 2), date(2013, 1, 1)),
        (UNIT, date(2009, 4, 1), date(2009, 4, 1), date(2009, 4, 1)),
        (UNIT, date(2009, 4, 2), date(2009, 4, 2), date(2009, 7, 1)),
    ],
)
def test_time_to_develop_runs_from_the_start_and_ends_on_a_quarter(
    form: str, start: date, ready: date, first: date
) -> None:
    assert developed_by(start, FORMS[form]) == ready
    assert earliest(start, FORMS[form]) == first


def test_dates_are_suggested_half_a_year_apart_and_those_given_stay() -> None:
    made = plan(
        group("Foundation", form=FOUNDATION),
        group("First", form=INTEREST),
        group("Second", form=INTEREST),
        group("Stays"),
        group("Unit", form=UNIT),
        group("Given", form=INTEREST, on=date(2011, 2, 1)),
    )
    assert suggested_dates(made, FORMS) == [
        date(2012, 10, 1),
        date(2011, 10, 1),
        date(2012, 4, 1),
        None,
        date(2009, 4, 1),
        date(2011, 2, 1),
    ]


planned_groups = st.lists(
    st.builds(
        PlannedGroup,
        title=st.text("abc", min_size=1, max_size=3),
        services=st.lists(st.sampled_from(SERVICES), max_size=3, unique=True).map(tuple),
        form=st.sampled_from(["", *FORMS]),
        on=st.none() | st.dates(date(2009, 4, 1), date(2013, 12, 31)),
        code=st.sampled_from(["", "X-T-1", "X-N1", "X-N2"]),
    ),
    max_size=5,
)
plans = st.builds(
    lambda groups, start: plan(*groups, start=start), planned_groups, st.dates(date(2005, 1, 1), date(2012, 12, 31))
)


@given(plans)
def test_suggested_dates_leave_time_to_develop(made: ArmPlan) -> None:
    dates = suggested_dates(made, FORMS)
    suggested = []
    for one, on in zip(made.groups, dates, strict=True):
        assert (on is None) == (one.form not in FORMS)
        if on is None or one.on is not None:
            assert on == (one.on if one.form in FORMS else None)
            continue
        assert on >= developed_by(made.start, FORMS[one.form])
        assert (on.day, on.month % 3) == (1, 1)
        if FORMS[one.form].nature is Nature.BODY:
            suggested.append(on)
    given_dates = [
        one.on for one in made.groups if one.on and one.form in FORMS and FORMS[one.form].nature is Nature.BODY
    ]
    for number, on in enumerate(suggested):
        assert not any(too_close(on, other) for other in [*suggested[:number], *given_dates])


@given(plans, st.sets(st.sampled_from(["X-T-1", "X-T-2", "X-T-3"])))
def test_a_completed_plan_wants_no_date_code_or_name_and_keeps_what_was_said(made: ArmPlan, taken: set[str]) -> None:
    done = completed(made, FORMS, taken)
    assert len(done.groups) == len(made.groups)
    for before, after in zip(made.groups, done.groups, strict=True):
        if before.form not in FORMS:
            assert after == before
            continue
        assert (after.title, after.services, after.form) == (before.title, before.services, before.form)
        assert after.on is not None
        assert after.name
        assert after.code == before.code if before.code else after.code not in taken
    fresh = [after.code for before, after in zip(made.groups, done.groups, strict=True) if after.code != before.code]
    assert len(fresh) == len(set(fresh))
    assert completed(done, FORMS, taken) == done


def test_the_name_suggested_is_the_place_and_the_group() -> None:
    done = completed(plan(group("Children", form=INTEREST)), FORMS, {"X-T-1"})
    assert (done.groups[0].code, done.groups[0].name) == ("X-T-2", "Test Children")


# The path.


@given(plans)
def test_the_path_is_in_order_and_holds_what_takes_a_form(made: ArmPlan) -> None:
    done = completed(made, FORMS, ())
    steps = path(done, FORMS)
    assert [(step.on, step.group) for step in steps] == sorted((step.on, step.group) for step in steps)
    assert {step.group for step in steps} == {
        number for number, becomes in enumerate(goings(done, FORMS)) if becomes is not Going.STAYS
    }


def test_an_arrangement_makes_no_body() -> None:
    made = plan(group("Body", form=INTEREST), group("Unit", form=UNIT), group("Stays"))
    assert goings(made, FORMS) == [Going.SEPARATES, Going.ARRANGEMENT, Going.STAYS]


# What is carried.


def test_a_service_takes_its_staff_and_the_contracts_that_are_for_it_alone() -> None:
    load = carried_by(WORLD, "X-T", ["nursing", "therapy"], START)
    assert (load.services, load.wte, load.money, load.posts) == (("nursing", "therapy"), 20, 200, 7)
    assert (load.contracts, load.contracted) == (("C-1",), 50)


def test_a_trust_carries_what_it_provides_and_not_what_it_buys() -> None:
    load = load_of(WORLD, "X-T", START)
    assert (load.services, load.contracts, load.posts) == (SERVICES, ("C-1", "C-2", "C-4"), 14)
    assert load_of(WORLD, "X-T", date(2000, 1, 1)) == load_of(Holdings(), "X-T", START)


def test_what_is_not_known_is_counted_and_adds_nothing() -> None:
    known = held(provision("S-1", "nursing", wte=None), provision("S-2", "therapy", value=None))
    load = load_of(known, "X-T", START)
    assert (load.wte, load.wte_unknown, load.money, load.money_unknown) == (10, 1, 100, 1)


def test_a_cost_that_no_service_records_is_not_nought() -> None:
    load = load_of(held(provision("S-1", "nursing", wte=None, value=None)), "X-T", START)
    assert (load.wte, load.wte_unknown, load.money, load.money_unknown) == (None, 1, None, 1)
    row = load_row("The trust", load)
    assert (row.staff, row.money) == ("Not recorded", "Not recorded")
    assert carried(load) == "Size not recorded"
    nothing = load_of(held(), "X-T", START)
    assert (nothing.wte, nothing.money) == (0, 0)


@given(plans)
def test_groups_and_what_is_in_none_carry_everything_once(made: ArmPlan) -> None:
    placed: list[str] = []
    groups = []
    for one in made.groups:
        own = tuple(service for service in one.services if service not in placed)
        placed += own
        groups.append(own)
    groups.append(tuple(service for service in SERVICES if service not in placed))
    loads = [carried_by(WORLD, "X-T", own, START) for own in groups]
    whole = load_of(WORLD, "X-T", START)
    assert sorted(service for load in loads for service in load.services) == list(whole.services)
    assert sum(load.wte for load in loads) == whole.wte
    assert sum(load.money for load in loads) == whole.money
    shared = straddling(WORLD, "X-T", {one: str(number) for number, own in enumerate(groups) for one in own}, START)
    going = [code for load in loads for code in load.contracts]
    assert len(going) == len(set(going))
    assert {*going, *(thing.code for thing, _ in shared), "C-4"} == set(whole.contracts)


# What is wrong.


def test_every_fault_is_told_at_once_with_its_place() -> None:
    made = plan(
        group("Care", "nursing", "flying", form="no-such-form"),
        group("care", "nursing", on=date(2009, 3, 1)),
        group(" ", run_by="X-H"),
        separation=Separation.NONE,
    )
    assert sorted(problem.pointer for problem in problems_of(made, SERVICES, FORMS)) == [
        "/groups/0/form",
        "/groups/0/services/1",
        "/groups/1/on",
        "/groups/1/services/0",
        "/groups/1/title",
        "/groups/2/run_by",
        "/groups/2/title",
    ]


def test_a_form_contradicts_an_arm_that_is_not_separated_at_all() -> None:
    made = plan(group("Care", "nursing", form=UNIT), separation=Separation.NONE)
    assert [problem.pointer for problem in problems_of(made, SERVICES, FORMS)] == ["/separation"]


def test_a_plan_needs_a_group_and_codes_of_their_own() -> None:
    assert [problem.pointer for problem in problems_of(plan(), SERVICES, FORMS)] == ["/groups"]
    two = plan(group("A", form=UNIT, code="X-1"), group("B", form=UNIT, code="X-1"))
    assert [problem.pointer for problem in problems_of(two, SERVICES, FORMS)] == ["/groups/1/code"]


def test_a_plan_may_be_kept_unfinished_and_not_proposed() -> None:
    made = plan(group("Care", form=INTEREST), group("Path", "therapy", form=VERTICAL, run_by="X-T"), group("Rest"))
    assert problems_of(made, SERVICES, FORMS) == []
    assert [problem.pointer for problem in wanting(made, FORMS)] == [
        "/groups/0",
        "/groups/0/code",
        "/groups/0/name",
        "/groups/0/on",
        "/groups/1/code",
        "/groups/1/name",
        "/groups/1/on",
        "/groups/1/run_by",
        "/groups/2",
    ]
    idle = plan(group("Rest", "nursing"))
    assert [problem.pointer for problem in wanting(idle, FORMS)] == ["/groups"]


@given(plans)
def test_a_plan_without_faults_has_each_service_in_one_group(made: ArmPlan) -> None:
    if problems_of(made, SERVICES, FORMS):
        return
    placed = [service for one in made.groups for service in one.services]
    assert len(placed) == len(set(placed))
    assert set(placed) <= set(SERVICES)


# What is to be weighed.


def test_coherence_comes_before_forms() -> None:
    whole = plan(group("All", *SERVICES, form=INTEREST, on=date(2010, 10, 1)))
    assert weighed(whole)["coherence-first"][0] is Outcome.PASS
    part = plan(group("Some", "nursing", form=INTEREST, coherence=" "))
    outcome, words = weighed(part)["coherence-first"]
    assert outcome is Outcome.ADVISE
    assert "In no group yet: advice, therapy, visiting" in words
    assert "not said why the services belong together: Some" in words
    assert "coherence-first" not in weighed(plan(group("All", *SERVICES)))


def test_a_new_body_before_its_time_is_advised_against() -> None:
    def told(form: str, on: date) -> Outcome:
        return weighed(plan(group("All", *SERVICES, form=form, on=on)))["development-time"][0]

    assert told(INTEREST, date(2010, 9, 30)) is Outcome.ADVISE
    assert told(INTEREST, date(2010, 10, 1)) is Outcome.PASS
    assert told(FOUNDATION, date(2012, 3, 31)) is Outcome.ADVISE
    assert told(FOUNDATION, date(2012, 4, 1)) is Outcome.PASS
    assert "development-time" not in weighed(plan(group("All", *SERVICES, form=UNIT, on=START)))


def test_bodies_close_together_are_advised_against() -> None:
    def told(on: date) -> Outcome:
        first = group("A", "nursing", form=INTEREST, on=date(2010, 10, 1))
        return weighed(plan(first, group("B", "therapy", form=INTEREST, on=on)))["development-time"][0]

    assert told(date(2011, 3, 31)) is Outcome.ADVISE
    assert told(date(2011, 4, 1)) is Outcome.PASS
    assert MONTHS_APART == 6


def test_an_agreement_for_services_that_part_is_named() -> None:
    parted = plan(group("A", "therapy", form=INTEREST), group("B", "visiting"))
    outcome, words = weighed(parted)["contract-conflict"]
    assert outcome is Outcome.ADVISE
    assert "C-2" in words
    together = plan(group("A", "therapy", "visiting", form=INTEREST))
    assert weighed(together)["contract-conflict"][0] is Outcome.PASS
    assert "contract-conflict" not in weighed(plan(group("A", "therapy"), group("B", "visiting")))


def test_an_arrangement_cannot_have_a_contract_with_its_trust() -> None:
    outcome, words = weighed(plan(group("Unit", "nursing", form=UNIT)))["contract-conflict"]
    assert outcome is Outcome.ADVISE
    assert "Unit" in words


def test_the_word_for_what_stays_agrees_with_what_stays() -> None:
    every = group("All", *SERVICES, form=INTEREST)
    some = group("Some", "nursing", form=INTEREST)
    assert "separation" not in weighed(plan(every, separation=Separation.FULL))
    assert "advice" in weighed(plan(some, separation=Separation.FULL))["separation"][1]
    assert weighed(plan(every, separation=Separation.INTERNAL))["separation"][0] is Outcome.ADVISE
    assert "separation" not in weighed(plan(some, separation=Separation.INTERNAL))


@given(plans)
def test_what_is_weighed_never_blocks_a_plan(made: ArmPlan) -> None:
    done = completed(made, FORMS, ())
    found = findings_of(done, SERVICES, WORLD, FORMS, str)
    assert Outcome.BLOCK not in {finding.outcome for finding in found}
    assert len({finding.code for finding in found}) == len(found)
