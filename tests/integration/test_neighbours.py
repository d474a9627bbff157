"""A snapshot knows who else is there: what the checks ask about neighbours of a change is read from the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from organisations.domain.checks import Finding
from organisations.domain.vocabulary import RelationshipKind
from organisations.models import Organisation, Portfolio
from organisations.selectors.coterminosity import coterminosity
from organisations.services.previews import preview
from organisations.specs.change import ProposedChange, proposed
from pcorg.core.audit import memory
from tests.factories import commissioning as make
from tests.factories.rows import portfolio, relationship

pytestmark = pytest.mark.django_db
START = "2008-04-01"


@dataclass
class Town:
    """A council with two trusts, and bodies that may be added."""

    of: Portfolio
    council: Organisation
    trust: Organisation

    def body(self, code: str, form: str, *, lies: bool = True) -> Organisation:
        made = make.body(code, form, of=self.of, people=250_000)
        if lies:
            relationship(made, self.council, kind=RelationshipKind.LOCATED_IN, start=make.BEGUN)
        return made

    def member(self, subject: Organisation, of: Organisation) -> None:
        relationship(subject, of, kind=RelationshipKind.MEMBER_OF, start=make.BEGUN)


@pytest.fixture
def town() -> Town:
    of = portfolio()
    made = Town(of, make.body("X-LA", "local-authority", of=of), make.body("X-A", "pct-4", of=of, people=250_000))
    relationship(made.trust, made.council, kind=RelationshipKind.LOCATED_IN, start=make.BEGUN)
    return made


def found(check: str, asked: dict[str, Any]) -> Finding:
    seen = preview(spec=proposed(ProposedChange, {"effective_on": START} | asked))
    return next(each for each in seen.findings if each.code == check)


def succeeded(check: str) -> Finding:
    """What a check finds of two trusts that become one under a new code."""
    new = {"code": "X-N", "name": "A new trust", "form": "pct-4"}
    return found(check, {"kind": "merger", "originals": ["X-A", "X-B"], "resulting": [new]})


def test_lists_and_checks_mean_the_same_by_coterminous(town: Town) -> None:
    """A body of another kind in the council takes nothing from a body; one of its kind does."""
    day = date.fromisoformat(START)
    town.body("X-Q", "integrated-care-board")
    memory.forget()
    assert coterminosity(town.of.slug).on(day) == {"X-A": True, "X-Q": True}
    town.body("X-U", "pct-3")
    memory.forget()
    assert coterminosity(town.of.slug).on(day) == {"X-A": False, "X-U": False, "X-Q": True}


def test_another_trust_of_the_council(town: Town) -> None:
    town.body("X-B", "pct-4")
    assert succeeded("coterminous").outcome.value == "pass"
    town.body("X-H", "community-trust")
    assert succeeded("coterminous").outcome.value == "pass"
    town.body("X-U", "pct-3")
    finding = succeeded("coterminous")
    assert finding.outcome.value == "advise"
    assert "with Body X-U" in finding.message


def test_a_practice_of_the_council_that_belongs_to_nobody(town: Town) -> None:
    other = town.body("X-B", "pct-4")
    town.member(town.body("X-P1", "gp-practice"), other)
    assert succeeded("whole-area").outcome.value == "pass"
    loose = town.body("X-P2", "gp-practice")
    assert succeeded("whole-area").outcome.value == "block"
    town.member(loose, town.body("X-U", "pct-4", lies=False))
    assert succeeded("whole-area").outcome.value == "pass"


@pytest.fixture
def pilot(town: Town) -> Organisation:
    """A pilot of the council, with a practice that takes part."""
    body = make.body("X-PMS", "pms-pilot", of=town.of)
    relationship(body, town.council, kind=RelationshipKind.LOCATED_IN, start=make.BEGUN)
    return body


def test_a_pilot_among_the_people_of_a_neighbour(town: Town, pilot: Organisation) -> None:
    town.body("X-B", "pct-4")
    practice = town.body("X-P1", "gp-practice", lies=False)
    town.member(practice, pilot)
    assert succeeded("pms-culture").outcome.value == "advise"
    town.member(practice, town.body("X-U", "pct-4"))
    assert succeeded("pms-culture").outcome.value == "pass"
    assert "PMS" not in succeeded("disintegrated-integration").message


def test_a_pilot_in_a_council_that_is_shared(town: Town, pilot: Organisation) -> None:
    town.body("X-B", "pct-4")
    assert "would come to lie within it: Body X-PMS" in succeeded("pms-culture").message
    town.body("X-U", "pct-4")
    assert "they lie in a council that it shares" in succeeded("pms-culture").message


def test_another_provider_for_the_people_of_a_neighbour(town: Town) -> None:
    other, nursing = town.body("X-U", "pct-4"), make.service(slug="test-nursing")
    make.provision(town.trust, nursing, code="X-S1", population_of=other)
    arm = {
        "kind": "separation",
        "originals": ["X-A"],
        "resulting": [{"code": "X-ARM", "name": "An arm", "form": "community-interest-company"}],
        "moves": [{"what": "test-nursing", "from": "X-A", "to": "X-ARM"}],
    }
    finding = found("monopoly", arm)
    assert finding.outcome.value == "advise"
    assert "for the people of Body X-U" in finding.message
    make.provision(town.body("X-H", "community-trust"), nursing, code="X-S2", population_of=other)
    assert found("monopoly", arm).outcome.value == "pass"


def test_neighbours_cost_as_many_queries_however_many_they_are(
    town: Town, queries: Callable[[], CaptureQueriesContext]
) -> None:
    town.body("X-B", "pct-4")
    costs = []
    for number in (1, 30):
        for each in range(number):
            town.member(town.body(f"X-P{number}-{each}", "gp-practice"), town.body(f"X-U{number}-{each}", "pct-4"))
        with queries() as seen:
            succeeded("coterminous")
        costs.append(len(seen))
    assert costs[0] == costs[1]
