"""Reading a snapshot: what held of a body on a day, and the state as it stood before later history."""

from __future__ import annotations

from datetime import date

from organisations.domain.planning import plan
from organisations.domain.snapshot import DatedForm
from organisations.domain.vocabulary import ChangeKind
from pcorg.core.periods import Period
from tests.factories.snapshots import KNOWN, OPENED, answers, body, count, new, request, world

DAY = date(2002, 4, 1)


def test_the_count_of_a_day_is_the_latest_by_then_else_the_first_after() -> None:
    counted = body("A", counts=(count(10, date(2000, 4, 1)), count(20, date(2001, 4, 1))))
    found = [counted.count_on(on) for on in (OPENED, date(2000, 4, 1), date(2001, 3, 31), date(2009, 1, 1))]
    assert [one and one.count for one in found] == [10, 10, 10, 20]
    assert body("B").count_on(DAY) is None


def test_a_body_has_no_form_before_it_begins_or_after_it_ends() -> None:
    life = Period(OPENED, DAY)
    ended = body("A", forms=(DatedForm("pcg-1", life, KNOWN),), closed=DAY)
    forms = [ended.form_on(on) for on in (date(1999, 3, 31), OPENED, date(2002, 3, 31), DAY)]
    assert forms == [None, "pcg-1", "pcg-1", None]
    assert (ended.alive_on(date(2002, 3, 31)), ended.alive_on(DAY)) == (True, False)


def test_a_state_is_not_altered_by_what_is_tried_on_it() -> None:
    before = world(body("A"))
    plan(request(ChangeKind.RENAME, DAY, ["A"], name="Another"), before)
    assert before.bodies["A"].name_on(DAY) == "A body"


def test_rewound_it_stands_as_if_nothing_had_happened_since() -> None:
    start = world(
        body("A", people=1), body("B", people=2), body("HA", "health-authority"), relationships=(answers("A", "HA"),)
    )
    merger = request(
        ChangeKind.MERGER, date(2013, 4, 1), ["A", "B"], new=(new("N", on=date(2013, 4, 1)),), relationships=()
    )
    later = plan(merger, start).after
    rewound = later.rewound(DAY)
    assert {code: rewound.bodies[code] for code in start.bodies} == start.bodies
    assert rewound.relationships == start.relationships
    assert rewound.edges == ()
    # A code that is used later is still not free.
    assert "N" in rewound.bodies
    assert not rewound.bodies["N"].alive_on(DAY)
