"""Made-up registers of many changes over sixty years: every code resolves and traces back as its people went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

import orjson
import pytest

from organisations.models import Population
from organisations.selectors.lineage import Direction, lineage_of, resolve
from organisations.services.load_portfolio import load_content
from pcorg.core.audit import memory
from tests.oracles.cohorts import Register

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.exhaustive]

NEAR = Fraction(1, 500)
"""Shares are stated to six places and multiplied over many changes."""


@pytest.fixture(params=[1, 2])
def register(request: pytest.FixtureRequest) -> Register:
    """A register that is loaded: 150 bodies, 120 changes, several of a body and several of a day."""
    memory.forget()
    made = Register(bodies=150, changes=120, first=date(1960, 1, 1), days=60 * 365, seed=request.param)
    load_content(content=orjson.dumps(made.document("register")), name="register.json", by="tests")
    return made


def alike(told: Mapping[str, Fraction], expected: Mapping[str, Fraction]) -> bool:
    return told.keys() == expected.keys() and all(abs(told[code] - expected[code]) < NEAR for code in told)


def shares(bodies: list[dict[str, str]]) -> dict[str, Fraction]:
    return {body["code"]: Fraction(body["share"]) for body in bodies if Fraction(body["share"])}


def test_a_register_resolves_and_traces_back_as_its_people_went(register: Register) -> None:
    last = register.first + timedelta(days=register.days)
    wrong = []
    for code, (opened, closed) in register.lives.items():
        for since in (opened, ((closed or last) - timedelta(days=1))):
            for on in (last, since + (last - since) / 2):
                (answer,) = resolve([code], since=since, on=on)["results"]
                if not alike(shares(answer["bodies"]), register.cohorts.stand_ins(code, since, on)):
                    wrong.append((code, since, on))
    assert wrong == []
    for code in register.alive:
        told = lineage_of(code, direction=Direction.PREDECESSORS)["earliest_predecessors"]
        if not alike(shares(told), register.cohorts.came_from(code)):
            wrong.append((code, told))
    assert wrong == []


def test_nobody_is_lost_over_sixty_years(register: Register) -> None:
    counts = {code: Population.objects.filter(organisation=code).order_by("on").last() for code in register.alive}
    assert sum(count.count for count in counts.values() if count) == sum(
        cohort.people for cohort in register.cohorts.everybody()
    )
    for code, count in counts.items():
        assert count is not None
        assert abs(count.count - register.cohorts.people(code)) < 12  # people are whole, and each change rounds
