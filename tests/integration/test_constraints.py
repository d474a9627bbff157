"""Every constraint of the database both ways: it takes what is right and refuses what is wrong.

The same tests hold on SQLite and on PostgreSQL (`DATABASE_URL`). Rows go past the forms and actions on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from organisations.domain.vocabulary import (
    ChangeKind,
    ChangeStatus,
    Constituency,
    LoadState,
    PopulationBasis,
    RelationshipKind,
    Route,
)
from organisations.models import ChangeComment, Consultation, Organisation, PolicyCheck
from pcorg.core.audit.models import AuditHead, AuditSeal
from tests.constraints import APRIL, DAY, JUNE, MAY, Case, constraints, ends, refuses
from tests.factories import rows

pytestmark = pytest.mark.django_db


def a_body() -> tuple[Organisation]:
    return (rows.organisation(),)


def two_bodies() -> tuple[Organisation, Organisation]:
    one = rows.organisation("X-ONE")
    return one, rows.organisation("X-TWO", portfolio=one.portfolio)


def a_change_of_two() -> tuple[Any, ...]:
    one, two = two_bodies()
    return rows.change(portfolio=one.portfolio), one, two


def two_people() -> tuple[Any, ...]:
    return rows.user(), rows.user()


def twice(make: Callable[..., Any], alike: dict[str, Any], other: dict[str, Any]) -> dict[str, Callable[..., Any]]:
    """Two rows alike but for `other`, and two quite alike."""
    return {
        "takes": lambda body: (make(body, **alike), make(body, **(alike | other))),
        "refuses": lambda body: (make(body, **alike), make(body, **alike)),
    }


DECIDED = {"decided_at": "2026-04-01T00:00Z"}
CONFIRMED, REFUSED, WITHDRAWN = (
    {"status": state, **DECIDED} for state in (LoadState.CONFIRMED, LoadState.REFUSED, LoadState.WITHDRAWN)
)
SPRING = {"start": APRIL, "end": MAY}
COMPUTED = {"counted": PopulationBasis.COMPUTED, "oldest_on": APRIL}
NEIGHBOURS = {"kind": RelationshipKind.NEIGHBOUR_OF}
CASES = [
    Case("form_level_1_to_4", lambda: rows.form(level=4), lambda: rows.form(level=5)),
    Case(
        "form_commissioning_share_0_to_1",
        lambda: rows.form(commissioning_share=1),
        lambda: rows.form(commissioning_share="1.001"),
    ),
    Case(
        "form_population_bounds_in_order",
        lambda: (rows.form(population_min=5, population_max=5), rows.form(population_min=5)),
        lambda: rows.form(population_min=6, population_max=5),
    ),
    Case(
        "form_dates_in_order",
        lambda: (rows.form(first_date=APRIL, last_date=MAY), rows.form(last_date=APRIL)),
        lambda: rows.form(first_date=APRIL, last_date=APRIL),
    ),
    Case(
        "one_rule_per_step",
        lambda a, b: (rows.rule(from_form=a, to_form=b), rows.rule(from_form=a, to_form=b, route=Route.MERGER)),
        lambda a, b: (rows.rule(from_form=a, to_form=b), rows.rule(from_form=a, to_form=b)),
        lambda: (rows.form(), rows.form()),
    ),
    Case(
        "rule_dates_in_order",
        lambda: (rows.rule(earliest=APRIL, latest=APRIL), rows.rule(latest=APRIL)),
        lambda: rows.rule(earliest=MAY, latest=APRIL),
    ),
    Case(
        "check_guards_always_block",
        lambda: PolicyCheck.objects.filter(pk="coterminous").update(severity="block", applies="always"),
        lambda: PolicyCheck.objects.filter(pk="later-history").update(severity="advise"),
    ),
    Case(
        "organisation_closes_after_opening",
        lambda: (rows.organisation(opened=APRIL, closed=APRIL + DAY), rows.organisation(opened=APRIL)),
        lambda: rows.organisation(opened=APRIL, closed=APRIL - DAY),
    ),
    Case(
        "organisation_closed_by_a_change",
        lambda: (rows.organisation(closed=MAY, closed_by=rows.change()), rows.organisation(closed=MAY)),
        lambda: rows.organisation(closed_by=rows.change()),
    ),
    Case("organisation_has_a_code", lambda: rows.organisation("X-1"), lambda: rows.organisation("")),
    Case("form_period_ends_after_start", before=a_body, **ends(rows.form_period)),
    Case("one_form_from_a_day", before=a_body, **twice(rows.form_period, SPRING, {"start": MAY, "end": JUNE})),
    Case("name_period_ends_after_start", before=a_body, **ends(rows.name_period)),
    Case(
        "name_is_not_empty",
        lambda body: rows.name_period(body, name="A"),
        lambda body: rows.name_period(body, name=""),
        a_body,
    ),
    Case("one_name_from_a_day", before=a_body, **twice(rows.name_period, SPRING, {"start": MAY, "end": JUNE})),
    Case("one_population_a_day", before=a_body, **twice(rows.population, {"on": APRIL}, {"on": MAY})),
    Case(
        "one_population_a_day",
        lambda of, one, _: [rows.population(one, on=APRIL, superseded_by=by) for by in (of, of, None)],
        lambda of, one, _: [rows.population(one, on=APRIL, superseded_by=by) for by in (None, of, None)],
        a_change_of_two,
    ),
    Case(
        "computed_population_has_its_oldest_day",
        lambda of, one, two: (rows.population(one, **(COMPUTED | {"begun_by": of})), rows.population(two)),
        lambda of, one, _: rows.population(one, **(COMPUTED | {"begun_by": of, "oldest_on": None})),
        a_change_of_two,
    ),
    Case(
        "computed_population_has_its_oldest_day",
        lambda of, one, _: rows.population(one, **(COMPUTED | {"begun_by": of, "at_least": True})),
        lambda of, one, _: rows.population(one, at_least=True),
        a_change_of_two,
    ),
    Case(
        "computed_population_has_its_oldest_day",
        lambda of, one, _: rows.population(one, **(COMPUTED | {"begun_by": of})),
        lambda of, one, _: rows.population(one, **COMPUTED),
        a_change_of_two,
    ),
    Case("board_seat_ends_after_start", before=a_body, **ends(rows.board_seat)),
    Case(
        "board_seat_at_least_one",
        lambda body: rows.board_seat(body, seats=1),
        lambda body: rows.board_seat(body, seats=0),
        a_body,
    ),
    Case(
        "one_seat_record_from_a_day",
        before=a_body,
        **twice(rows.board_seat, SPRING, {"constituency": Constituency.LAY}),
    ),
    Case(
        "one_change_per_reference",
        lambda of: [rows.change(portfolio=of, reference=name) for name in ("a", "b", "", "")],
        lambda of: [rows.change(portfolio=of, reference=name) for name in ("a", "a")],
        lambda: (rows.portfolio(),),
    ),
    Case(
        "one_change_at_a_moment",
        lambda one, two: (
            [rows.change(portfolio=one, sequence=place) for place in (1, 2)],
            rows.change(portfolio=two, sequence=1),
            rows.change(portfolio=one, sequence=1, effective_on=MAY),
            rows.change(portfolio=one, sequence=1, status=ChangeStatus.DRAFT),
        ),
        lambda one, _: [rows.change(portfolio=one, sequence=1) for _ in range(2)],
        lambda: (rows.portfolio(), rows.portfolio()),
    ),
    Case(
        "transition_has_a_route",
        lambda: (rows.change(kind=ChangeKind.TRANSITION, route=Route.LEVEL), rows.change()),
        lambda: rows.change(kind=ChangeKind.TRANSITION),
    ),
    Case(
        "recorded_change_is_effected",
        lambda: (rows.change(recorded=True), rows.change(status=ChangeStatus.DRAFT)),
        lambda: rows.change(recorded=True, status=ChangeStatus.DRAFT),
    ),
    Case(
        "one_part_per_role",
        lambda of, one, _: (rows.party(of, one), rows.party(of, one, role="resulting")),
        lambda of, one, _: (rows.party(of, one), rows.party(of, one, position=1)),
        a_change_of_two,
    ),
    Case(
        "one_edge_per_pair",
        lambda of, one, two: (rows.lineage_edge(of, one, two), rows.lineage_edge(of, two, one)),
        lambda of, one, two: (rows.lineage_edge(of, one, two), rows.lineage_edge(of, one, two)),
        a_change_of_two,
    ),
    Case(
        "edge_share_0_to_1",
        lambda of, one, two: (rows.lineage_edge(of, one, two, share=0), rows.lineage_edge(of, two, one, share=1)),
        lambda of, one, two: rows.lineage_edge(of, one, two, share="1.000001"),
        a_change_of_two,
    ),
    Case(
        "edge_leads_elsewhere",
        rows.lineage_edge,
        lambda of, one, two: rows.lineage_edge(of, one, one),
        a_change_of_two,
    ),
    Case(
        "edge_shares_taken_back_0_to_1",
        lambda of, one, two: rows.lineage_edge(of, one, two, of_share="0.5", others_share="0.1"),
        lambda of, one, two: rows.lineage_edge(of, one, two, of_share="1.000001"),
        a_change_of_two,
    ),
    Case(
        "one_link_per_pair",
        lambda of, one, two: (rows.lineage_link(of, one, two), rows.lineage_link(of, two, one)),
        lambda of, one, two: (rows.lineage_link(of, one, two), rows.lineage_link(of, one, two)),
        a_change_of_two,
    ),
    Case(
        "link_share_0_to_1",
        lambda of, one, two: (rows.lineage_link(of, one, two, share=0), rows.lineage_link(of, two, one, share=1)),
        lambda of, one, two: rows.lineage_link(of, one, two, share="1.000001"),
        a_change_of_two,
    ),
    Case(
        "link_leads_elsewhere",
        rows.lineage_link,
        lambda of, one, two: rows.lineage_link(of, one, one),
        a_change_of_two,
    ),
    Case(
        "comment_says_something",
        lambda of: ChangeComment.objects.create(change=of, by="a", at="2002-04-01T00:00Z", text="Yes."),
        lambda of: ChangeComment.objects.create(change=of, by="a", at="2002-04-01T00:00Z", text=""),
        lambda: (rows.change(),),
    ),
    Case(
        "consultation_dates_in_order",
        lambda of: Consultation.objects.create(change=of, opens=APRIL, closes=APRIL),
        lambda of: Consultation.objects.create(change=of, opens=MAY, closes=APRIL),
        lambda: (rows.change(),),
    ),
    Case(
        "portfolio_coverage_in_order",
        lambda: rows.portfolio(covers_from=APRIL, covers_to=APRIL),
        lambda: rows.portfolio(covers_from=MAY, covers_to=APRIL),
    ),
    Case(
        "one_record_per_key",
        lambda load: (rows.loaded_record(load, key="a"), rows.loaded_record(load, key="b")),
        lambda load: (rows.loaded_record(load, key="a"), rows.loaded_record(load, key="a")),
        lambda: (rows.portfolio_load(rows.portfolio()),),
    ),
    Case(
        "one_part_in_a_change_per_collaborator",
        lambda of: [rows.collaborator(of, user_id=number) for number in (1, 2, None, None)],
        lambda of: [rows.collaborator(of, user_id=number) for number in (1, 1)],
        lambda: (rows.change(),),
    ),
    Case(
        "one_waiting_load_per_file",
        lambda ann, bob: (
            rows.waiting_load(asked_by=ann),
            rows.waiting_load(asked_by=bob),
            rows.waiting_load(asked_by=ann, sha256="1" * 64),
            rows.waiting_load(asked_by=ann, **WITHDRAWN, decided_by=ann),
        ),
        lambda ann, _: [rows.waiting_load(asked_by=ann) for _ in range(2)],
        two_people,
    ),
    Case(
        "load_decided_by_somebody",
        lambda ann, bob: (rows.waiting_load(), rows.waiting_load(**CONFIRMED, decided_by=bob)),
        lambda ann, bob: rows.waiting_load(**CONFIRMED),
        two_people,
    ),
    Case(
        "load_decided_by_somebody",
        lambda ann, bob: rows.waiting_load(**WITHDRAWN, decided_by=ann),
        lambda ann, bob: rows.waiting_load(decided_by=ann),
        two_people,
    ),
    Case(
        "load_decided_by_another",
        lambda ann, bob: (
            rows.waiting_load(asked_by=ann, **CONFIRMED, decided_by=bob),
            rows.waiting_load(asked_by=ann, **WITHDRAWN, decided_by=ann),
        ),
        lambda ann, _: rows.waiting_load(asked_by=ann, **CONFIRMED, decided_by=ann),
        two_people,
    ),
    Case(
        "load_decided_by_another",
        lambda ann, bob: rows.waiting_load(asked_by=ann, **REFUSED, decided_by=bob),
        lambda ann, _: rows.waiting_load(asked_by=ann, **REFUSED, decided_by=ann),
        two_people,
    ),
    Case(
        "relationship_ends_after_start",
        lambda one, two: rows.relationship(one, two, start=APRIL, end=APRIL + DAY),
        lambda one, two: rows.relationship(one, two, start=APRIL, end=APRIL - DAY),
        two_bodies,
    ),
    Case(
        "relationship_needs_two_bodies",
        rows.relationship,
        lambda one, two: rows.relationship(one, one),
        two_bodies,
    ),
    Case(
        "relationship_symmetric_once",
        lambda one, two: (rows.relationship(one, two, **NEIGHBOURS), rows.relationship(two, one)),
        lambda one, two: rows.relationship(two, one, **NEIGHBOURS),
        two_bodies,
    ),
    Case(
        "relationship_share_0_to_1",
        lambda one, two: (rows.relationship(one, two, share=1), rows.relationship(two, one, share=0)),
        lambda one, two: rows.relationship(one, two, share="-0.000001"),
        two_bodies,
    ),
    Case(
        "effected_change_has_its_cardinality",
        lambda: (
            rows.change(originals_count=2, resulting_count=1),
            rows.change(originals_count=300, resulting_count=1),
            rows.change(status=ChangeStatus.DRAFT, originals_count=0, resulting_count=0),
            rows.change(kind=ChangeKind.DISSOLUTION, originals_count=10, resulting_count=0),
        ),
        lambda: rows.change(originals_count=1, resulting_count=1),
    ),
    Case(
        "override_has_who_and_why",
        lambda change, check: rows.finding(change, check, overridden_by="bob", override_reason="It is time."),
        lambda change, check: rows.finding(change, check, overridden_by="bob"),
        lambda: (rows.change(), rows.policy_check()),
    ),
    Case(
        "comment_says_something",
        lambda change: rows.comment(change, text="Well."),
        lambda change: rows.comment(change, text=""),
        lambda: (rows.change(),),
    ),
    Case(
        "consultation_dates_in_order",
        lambda change: rows.consultation(change, opens=APRIL, closes=APRIL),
        lambda change: rows.consultation(change, opens=MAY, closes=APRIL),
        lambda: (rows.change(),),
    ),
    Case(
        "one_seal_per_entry_and_subject",
        lambda: [AuditSeal.objects.create(sequence=1, kind="x", key=key, digest="x") for key in ("a", "b")],
        lambda: [AuditSeal.objects.create(sequence=1, kind="x", key="a", digest="x") for _ in range(2)],
    ),
    Case(
        "audit_has_one_head",
        lambda: AuditHead.objects.get(id=1),
        lambda: AuditHead.objects.create(id=2, digest="0" * 64),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_takes_what_is_right(case: Case) -> None:
    assert case.takes(*case.before())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_refuses_what_is_wrong(case: Case) -> None:
    refuses(case)


def test_every_constraint_of_these_models_is_tested_here() -> None:
    assert {case.name for case in CASES} == constraints("organisations", "audit").keys()
