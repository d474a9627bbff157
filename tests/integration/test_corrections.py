"""Corrections: a forgotten change under later history, a fact put right, an error undone; history stays readable."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from organisations.domain.lifecycle import Step
from organisations.models import Change, FormPeriod, LineageEdge, NamePeriod, Organisation, Population, Relationship
from organisations.selectors import lineage
from organisations.services.outcomes import effects_of_change
from organisations.services.previews import preview
from organisations.services.proposals import decide, propose
from organisations.services.snapshots import snapshot_of
from organisations.specs.change import ProposedChange
from pcorg.core.audit.checking import chain_faults
from pcorg.core.policies import Actor
from pcorg.core.refusals import Unacceptable
from tests import invariants

pytestmark = pytest.mark.django_db
ANN = Actor("ann", commissions=True)
BOB = Actor("bob", commissions=True, approves=True)
EVIDENCE = {"board-composition": "as its predecessors'", "consultation-held": "winter 2010"}


def change(**given: Any) -> ProposedChange:
    return ProposedChange.model_validate({"evidence": EVIDENCE} | given)


def carried_through(asked: ProposedChange) -> Change:
    """A change that is carried out; its stored effects are those of its preview."""
    seen = preview(spec=asked)
    made = propose(spec=asked, by=ANN)
    for step in (Step.APPROVE, Step.EFFECT):
        made = decide(change_id=made.pk, step=step, by=BOB)
    assert effects_of_change(made) == seen.effects()
    return made


def alive(code: str, on: date) -> bool:
    return Organisation.objects.alive_on(on).filter(pk=code).exists()


def shares(code: str) -> dict[str, Decimal]:
    return {edge.resulting_id: edge.share for edge in LineageEdge.objects.filter(original=code)}


PENINSULA = change(
    kind="correction",
    effective_on="2011-04-01",
    title="The merger of Devon and Cornwall had been forgotten",
    originals=["5QQ", "5QP"],
    resulting=[{"code": "5ZQ", "name": "Peninsula Primary Care Trust", "form": "pct-4"}],
)


class TestForgottenMerger:
    def test_the_preview_says_which_later_change_is_rebased(self) -> None:
        seen = preview(spec=PENINSULA)
        assert seen.permitted
        (later,) = (finding for finding in seen.findings if finding.code == "later-history")
        assert "re-based" in later.message
        assert "1 April 2013" in later.message
        assert (seen.before.bodies, seen.after.bodies) == (2, 1)
        assert seen.before.population == seen.after.population
        assert "rebase-lineage" in {effect.operation for effect in seen.effects()}

    def test_the_bodies_end_earlier_and_the_new_one_stands_between(self) -> None:
        carried_through(PENINSULA)
        for code in ("5QQ", "5QP"):
            assert alive(code, date(2011, 3, 31))
            assert not alive(code, date(2011, 4, 1))
        assert alive("5ZQ", date(2011, 4, 1))
        assert alive("5ZQ", date(2013, 3, 31))
        assert not alive("5ZQ", date(2013, 4, 1))

    def test_the_later_shares_become_the_new_bodys_weighted_by_population(self) -> None:
        people = {code: Population.objects.get(organisation=code).count for code in ("5QQ", "5QP")}
        before = {code: shares(code) for code in people}
        carried_through(PENINSULA)
        total = sum(people.values())
        found = shares("5ZQ")
        assert sum(found.values()) == 1
        for successor in set(before["5QQ"]) | set(before["5QP"]):
            expected = sum(before[code].get(successor, 0) * people[code] for code in people) / total
            assert abs(found[successor] - expected) < Decimal("0.00001")
        assert shares("5QQ") == {"5ZQ": 1}

    def test_the_lineage_goes_through_the_new_body_and_the_old_shares_stay_readable(self) -> None:
        made = carried_through(PENINSULA)
        walk = lineage.lineage_of("5QQ", direction=lineage.Direction.SUCCESSORS, depth=1)
        assert {edge["successor"] for edge in walk["edges"]} == {"5ZQ"}
        replaced = LineageEdge.with_struck_out.filter(original="5QQ", superseded_by=made)
        assert replaced.exists()
        later = Change.objects.get(kind="reconfiguration", portfolio="england-2006-2015")
        standing = set(later.parties.filter(role="original").values_list("organisation", flat=True))
        assert "5ZQ" in standing
        assert not {"5QQ", "5QP"} & standing

    def test_neighbours_pass_to_the_new_body(self) -> None:
        before = Relationship.objects.as_of(date(2012, 1, 1)).filter(kind="neighbour-of")
        neighbours = {
            code
            for relationship in before.values_list("subject", "object")
            if set(relationship) & {"5QQ", "5QP"}
            for code in relationship
        } - {"5QQ", "5QP"}
        carried_through(PENINSULA)
        after = Relationship.objects.as_of(date(2012, 1, 1)).filter(kind="neighbour-of")
        assert {
            code
            for relationship in after.values_list("subject", "object")
            if "5ZQ" in relationship
            for code in relationship
        } == neighbours | {"5ZQ"}
        assert not any(set(relationship) & {"5QQ", "5QP"} for relationship in after.values_list("subject", "object"))

    def test_nothing_is_broken_by_it(self) -> None:
        carried_through(PENINSULA)
        assert not list(chain_faults())
        codes = ["5QQ", "5QP", "5ZQ"]
        state = snapshot_of(codes)
        invariants.nothing_of_a_body_overlaps(state)
        invariants.no_relationship_is_there_twice(state)
        invariants.nothing_is_open_on_a_closed_body(state)
        invariants.a_body_answers_to_one_body_at_a_time(state)

    def test_what_is_too_intertwined_is_refused_with_the_changes_named(self) -> None:
        asked = change(
            kind="correction",
            effective_on="2007-04-01",
            originals=["5P3", "5QQ"],
            resulting=[{"code": "5ZZ", "name": "Odd", "form": "pct-4"}],
        )
        with pytest.raises(Unacceptable) as caught:
            preview(spec=asked)
        assert "1 April 2010" in caught.value.problems[0].message
        assert "1 April 2013" in caught.value.problems[0].message


class TestFactPutRight:
    def test_a_name_is_right_from_the_day_to_the_end_that_was_recorded(self) -> None:
        carried_through(
            change(kind="correction", effective_on="2009-04-01", originals=["5M1"], set={"name": "Birmingham South"})
        )
        names = NamePeriod.objects.filter(organisation="5M1").order_by("start")
        assert [(period.name, str(period.start), str(period.end)) for period in names] == [
            ("South Birmingham Primary Care Trust", "2006-10-01", "2009-04-01"),
            ("Birmingham South", "2009-04-01", "2013-04-01"),
        ]

    def test_a_level_is_right_from_the_day_on(self) -> None:
        carried_through(
            change(kind="correction", effective_on="2008-04-01", originals=["5M1"], set={"to_form": "pct-3"})
        )
        forms = FormPeriod.objects.filter(organisation="5M1").order_by("start")
        assert [(period.form_id, str(period.end)) for period in forms] == [
            ("pct-4", "2008-04-01"),
            ("pct-3", "2013-04-01"),
        ]

    def test_a_relationship_is_right_from_the_day_to_the_end_that_was_recorded(self) -> None:
        reform = Organisation.objects.get(pk="5M1").closed_by_id
        (held,) = Relationship.objects.as_of(date(2009, 4, 1)).filter(kind="accountable-to", subject="5M1")
        other = (
            Relationship.objects.as_of(date(2009, 4, 1)).filter(kind="accountable-to").exclude(object=held.object_id)
        )
        authority = other.order_by("object").values_list("object", flat=True)[0]
        right = [{"kind": "accountable-to", "subject": "5M1", "object": authority}]
        made = carried_through(
            change(kind="correction", effective_on="2009-04-01", originals=["5M1"], relationships=right)
        )
        told = Relationship.objects.filter(kind="accountable-to", subject="5M1").order_by("start")
        assert [
            (relationship.object_id, str(relationship.start), str(relationship.end), relationship.ended_by_id)
            for relationship in told
        ] == [
            (held.object_id, "2006-10-01", "2009-04-01", made.pk),
            (authority, "2009-04-01", "2013-04-01", reform),
        ]


class TestErrorUndone:
    MERGER = change(
        kind="merger",
        effective_on="2015-03-01",
        originals=["00F", "00G", "00H"],
        resulting=[{"code": "13T", "name": "Newcastle Gateshead", "form": "clinical-commissioning-group"}],
    )

    def test_what_ended_is_open_again_and_what_began_never_held(self) -> None:
        codes = ["00F", "00G", "00H"]
        before = snapshot_of(codes)
        made = carried_through(self.MERGER)
        undoing = carried_through(change(kind="correction", effective_on="2015-03-01", corrects=made.pk))
        after = snapshot_of(codes)
        for code in codes:
            assert after.bodies[code].closed is None
            assert after.bodies[code].forms == before.bodies[code].forms
            assert after.bodies[code].names == before.bodies[code].names
            assert after.bodies[code].counts == before.bodies[code].counts
        assert {(relationship.key, relationship.period) for relationship in after.relationships} == {
            (relationship.key, relationship.period) for relationship in before.relationships
        }
        assert not alive("13T", date(2015, 3, 1))
        assert not alive("13T", date(2020, 1, 1))
        made.refresh_from_db()
        assert (made.status, made.undone_by) == ("effected", undoing)
        assert lineage.lineage_of("00F", direction=lineage.Direction.SUCCESSORS)["edges"] == []
        assert not list(chain_faults())

    def test_the_code_is_never_used_again_and_the_change_stays_readable(self) -> None:
        made = carried_through(self.MERGER)
        carried_through(change(kind="correction", effective_on="2015-03-01", corrects=made.pk))
        assert made.edges.count() == 0
        assert LineageEdge.with_struck_out.filter(change=made).count() == 3
        with pytest.raises(Unacceptable) as caught:
            preview(spec=self.MERGER)
        assert "code-in-use" in {problem.code for problem in caught.value.problems}
        again = self.MERGER.model_copy(
            update={"resulting": [self.MERGER.resulting[0].model_copy(update={"code": "13U"})]}
        )
        assert carried_through(again).status == "effected"

    def test_a_change_under_another_cannot_be_undone_first(self) -> None:
        made = carried_through(self.MERGER)
        carried_through(change(kind="rename", effective_on="2015-03-10", originals=["13T"], name="Another name"))
        with pytest.raises(Unacceptable) as caught:
            preview(spec=change(kind="correction", effective_on="2015-03-01", corrects=made.pk))
        assert "rest on this one" in caught.value.problems[0].message
