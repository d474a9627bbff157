"""A relationship that is closed on the day it began is kept, so that undoing the change that closed it brings it back.

X-N1 ── X-N2        neighbours
X-N1 ── X-N4        X-N2 is succeeded by X-N4 …
X-N3 ── X-N4        … and X-N1 by X-N3, on the same day: X-N1 and X-N4 were neighbours for no day
"""

from __future__ import annotations

from typing import Any

import pytest

from organisations.domain.lifecycle import Step
from organisations.models import Change, Relationship
from organisations.selectors.documents import PortfolioDocument, as_yaml
from organisations.services.load_portfolio import load_content, load_stated
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedChange, proposed
from pcorg.core.audit.checking import chain_faults
from pcorg.core.policies import Actor
from pcorg.core.refusals import Unacceptable
from tests.documents import KNOWN, body, stated
from tests.oracles.state import differences, empty, state

pytestmark = pytest.mark.django_db
ANN = Actor("ann", commissions=True)
BOB = Actor("bob", commissions=True, approves=True)
EVIDENCE = dict.fromkeys(("consultation-held", "board-composition", "joint-agreement"), "recorded")
DAY = "2002-04-01"


def carried_out(**given: Any) -> Change:
    made = propose(spec=proposed(ProposedChange, {"evidence": EVIDENCE, "effective_on": DAY} | given), by=ANN)
    for step in (Step.APPROVE, Step.EFFECT):
        made = decide(change_id=made.pk, step=step, by=BOB)
    return made


def succeeded(old: str, new: str) -> Change:
    heir = {"code": new, "name": f"Trust {new}", "form": "pct-3"}
    return carried_out(
        kind="transition", route="succession", title=f"{old} becomes {new}", originals=[old], resulting=[heir]
    )


def undone(change: Change) -> Change:
    return carried_out(kind="correction", title=f"Not so: {change.title}", corrects=change.pk)


def neighbours() -> set[tuple[str, str, str | None]]:
    relationships = Relationship.objects.filter(kind="neighbour-of", subject__portfolio="day")
    return {
        (relationship.subject_id, relationship.object_id, None if relationship.end is None else str(relationship.end))
        for relationship in relationships
    }


@pytest.fixture
def two() -> None:
    empty()
    document = {
        "schema": "pcorg-portfolio/1",
        "portfolio": {
            "slug": "day",
            "title": "A day",
            "illustrative": True,
            "covers": {"from": "2000-04-01", "to": "2005-03-31"},
        },
        "bodies": [body(code, f"Group {code}", "pcg-2", opened="2000-04-01") for code in ("X-N1", "X-N2")],
        "relationships": [{"kind": "neighbour-of", "subject": "X-N1", "object": "X-N2", **KNOWN}],
    }
    load_stated(stated=stated(document), by="tests")


def test_it_comes_back_when_the_change_that_closed_it_is_undone(two: None) -> None:
    succeeded("X-N2", "X-N4")
    before = neighbours()
    second = succeeded("X-N1", "X-N3")
    assert before == {("X-N1", "X-N2", DAY), ("X-N1", "X-N4", None)}
    assert neighbours() == {("X-N1", "X-N2", DAY), ("X-N3", "X-N4", None)}
    (kept,) = Relationship.with_struck_out.filter(subject="X-N1", object="X-N4")
    assert (str(kept.start), str(kept.end), kept.ended_by) == (DAY, DAY, second)
    undone(second)
    assert neighbours() == before
    assert not list(chain_faults())


def test_both_undone_it_is_as_it_was(two: None) -> None:
    before = neighbours()
    first = succeeded("X-N2", "X-N4")
    second = succeeded("X-N1", "X-N3")
    undone(second)
    undone(first)
    assert neighbours() == before == {("X-N1", "X-N2", None)}


def test_the_document_given_back_loads_to_the_same(two: None) -> None:
    succeeded("X-N2", "X-N4")
    undone(succeeded("X-N1", "X-N3"))
    succeeded("X-N1", "X-N5")
    before, text = state(), "".join(as_yaml(PortfolioDocument("day")))
    empty()
    load_content(content=text.encode(), name="day.yaml", by="tests")
    assert differences(before, state()) == []


def test_a_correction_that_struck_a_change_out_is_not_undone_itself(two: None) -> None:
    correction = undone(succeeded("X-N2", "X-N4"))
    asked = {"kind": "correction", "effective_on": DAY, "corrects": correction.pk}
    with pytest.raises(Unacceptable) as refusal:
        propose(spec=proposed(ProposedChange, asked), by=ANN)
    (problem,) = refusal.value.problems
    assert "cannot be brought back" in problem.message


def test_a_change_is_not_undone_under_what_others_made_of_its_relationships(two: None) -> None:
    """The first change made X-N4 a neighbour of X-N1; another has ended that since, on a later day."""
    first = succeeded("X-N2", "X-N4")
    carried_out(kind="dissolution", effective_on="2003-04-01", title="X-N1 ends", originals=["X-N1"])
    asked = {"kind": "correction", "effective_on": DAY, "corrects": first.pk}
    with pytest.raises(Unacceptable) as refusal:
        propose(spec=proposed(ProposedChange, asked), by=ANN)
    (problem,) = refusal.value.problems
    assert "X-N1 neighbour of X-N4" in problem.message
