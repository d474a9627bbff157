"""Proposals from first word to effect: what preview says is what effect does, and nothing else changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations.contributors import measures
from organisations.domain.lifecycle import Step
from organisations.domain.totals import Total, totals_of
from organisations.domain.vocabulary import ChangeStatus, Outcome
from organisations.models import Change, FormPeriod, Organisation, Relationship
from organisations.policies import steps_open_to
from organisations.services.amendments import ConsultationNews, amend
from organisations.services.previews import Preview, preview
from organisations.services.proposals import comment_on, decide, preview_of, propose
from organisations.services.snapshots import snapshot_of
from organisations.specs.change import ProposedChange, ProposedMerger, as_saved, proposed
from pcorg.core.audit.checking import chain_faults
from pcorg.core.batches import BATCH
from pcorg.core.policies import Actor
from pcorg.core.refusals import Invalid, Refusal, Unacceptable

pytestmark = pytest.mark.django_db

ANN = Actor("ann", commissions=True)
BOB = Actor("bob", commissions=True, approves=True)
EVIDENCE = {
    "consultation-held": "three months, 2014",
    "management-capacity": "joint team",
    "board-composition": "agreed by all members",
}
NEWCASTLE = {
    "originals": ["00F", "00G", "00H"],
    "resulting": {"code": "13T", "name": "Newcastle Gateshead", "form": "clinical-commissioning-group"},
    "effective_on": "2015-03-01",
    "rationale": "One body for the city on both banks.",
    "evidence": EVIDENCE,
}


def merger(**given: Any) -> ProposedChange:
    return proposed(ProposedMerger, NEWCASTLE | given).as_change()


def change(**given: Any) -> ProposedChange:
    return proposed(ProposedChange, {"effective_on": "2015-03-01", "evidence": EVIDENCE} | given)


def carried_through(asked: ProposedChange) -> Change:
    made = propose(spec=asked, by=ANN)
    for step in (Step.CONSULT, Step.APPROVE, Step.EFFECT):
        made = decide(change_id=made.pk, step=step, by=BOB)
    return made


def outcomes(seen: Preview) -> dict[str, str]:
    return {finding.code: finding.outcome.value for finding in seen.findings}


def refusal(step: Step, made: Change, by: Actor, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        decide(change_id=made.pk, step=step, by=by, **given)
    return caught.value


def test_a_preview_writes_nothing() -> None:
    before = (Organisation.objects.count(), Change.objects.count(), FormPeriod.objects.count())
    seen = preview(spec=merger())
    assert seen.permitted
    assert (seen.before.bodies, seen.after.bodies) == (3, 1)
    assert seen.before.population == seen.after.population == Total(493_497)
    assert (Organisation.objects.count(), Change.objects.count(), FormPeriod.objects.count()) == before


def test_effect_reproduces_what_the_preview_said_and_leaves_the_day_before_alone() -> None:
    codes = ["00F", "00G", "00H", "13T"]
    day_before = date(2015, 2, 28)
    earlier = totals_of(codes, snapshot_of(codes), day_before)
    asked = merger()
    seen = preview(spec=asked)
    made = carried_through(asked)
    after = snapshot_of(codes)
    assert totals_of(["13T"], after, date(2015, 3, 1), measures()) == seen.after
    assert totals_of(codes, after, day_before) == earlier
    assert made.status == ChangeStatus.EFFECTED
    assert [decision.status for decision in made.decisions.all()] == ["proposed", "consulting", "approved", "effected"]
    assert {party.organisation_id for party in made.parties.filter(role="resulting")} == {"13T"}
    assert not list(chain_faults())


def test_a_change_under_later_history_shows_what_would_have_been_and_is_blocked() -> None:
    seen = preview(
        spec=merger(
            originals=["5QQ", "5QP"],
            resulting={"code": "5ZQ", "name": "Peninsula", "form": "pct-4"},
            effective_on="2011-04-01",
        )
    )
    assert seen.hypothetical
    assert not seen.permitted
    assert [finding.code for finding in seen.blocks] == ["later-history"]
    assert "1 April 2013" in seen.blocks[0].message
    assert (seen.after.bodies, seen.after.population) == (1, seen.before.population)


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"originals": ["01A", "01A"]}, {"invalid"}),
        ({"originals": ["01A", "NOPE"]}, {"unknown-organisation"}),
        ({"effective_on": "2012-01-01"}, {"not-in-force"}),
        ({"resulting": NEWCASTLE["resulting"] | {"code": "5M1"}}, {"code-in-use"}),
        ({"originals": ["5M1", "01A"]}, {"not-in-force"}),
        ({"resulting": NEWCASTLE["resulting"] | {"form": "pct-9"}}, {"invalid"}),
        ({"originals": ["01A"]}, {"invalid"}),
        ({"originals": ["01A", "X-PCT1"]}, {"conflict", "not-in-force"}),
        (
            {"originals": ["NOPE", "NEVER"], "resulting": {"code": "5M1", "name": "N", "form": "pct-9"}},
            {"unknown-organisation", "code-in-use", "invalid"},
        ),
    ],
)
def test_what_cannot_be_is_refused_with_every_reason(given: dict[str, Any], codes: set[str]) -> None:
    with pytest.raises(Unacceptable) as caught:
        propose(spec=merger(**given), by=ANN)
    assert {problem.code for problem in caught.value.problems} <= codes | {"invalid"}
    assert {problem.code for problem in caught.value.problems} & codes
    assert not Change.objects.filter(recorded=False).exists()


def test_evidence_on_an_unknown_check_is_an_error() -> None:
    with pytest.raises(Invalid) as caught:
        propose(spec=merger(evidence={"no-such-check": "x"}), by=ANN)
    assert [problem.pointer for problem in caught.value.problems] == ["/evidence/no-such-check"]


def test_nobody_decides_upon_a_proposal_of_their_own() -> None:
    made = propose(spec=merger(), by=BOB)
    assert refusal(Step.APPROVE, made, BOB).code == "own-proposal"
    assert Step.APPROVE not in steps_open_to(BOB, made)
    carol = Actor("carol", commissions=True, approves=True)
    decide(change_id=made.pk, step=Step.APPROVE, by=carol)
    assert refusal(Step.EFFECT, made, BOB).code == "own-proposal"


def test_steps_are_taken_in_order_and_by_those_who_may() -> None:
    made = propose(spec=merger(), by=ANN)
    assert refusal(Step.EFFECT, made, BOB).code == "not-allowed-in-status"
    assert refusal(Step.APPROVE, made, ANN).code == "forbidden"
    assert refusal(Step.WITHDRAW, made, Actor("eve")).code == "forbidden"
    decide(change_id=made.pk, step=Step.REJECT, by=BOB, comment="Too soon.")
    assert refusal(Step.APPROVE, made, BOB).code == "not-allowed-in-status"
    made.refresh_from_db()
    assert steps_open_to(BOB, made) == ()
    assert made.decisions.last().comment == "Too soon."


def test_a_stale_version_is_refused() -> None:
    made = propose(spec=merger(), by=ANN)
    decide(change_id=made.pk, step=Step.CONSULT, by=ANN, expected=1)
    assert refusal(Step.APPROVE, made, BOB, expected=1).code == "stale"


def test_a_draft_is_saved_unchecked_and_checked_when_it_is_put_forward() -> None:
    made = propose(spec=merger(originals=["00F", "5M1"]), by=ANN, draft=True)
    assert made.status == ChangeStatus.DRAFT
    with pytest.raises(Unacceptable):
        decide(change_id=made.pk, step=Step.PROPOSE, by=ANN)
    made.refresh_from_db()
    assert made.status == ChangeStatus.DRAFT


def test_a_proposal_keeps_all_its_originals_however_many() -> None:
    known = Organisation.objects.get(code="00F")
    facts = {"portfolio": known.portfolio, "opened": known.opened, "opened_basis": known.opened_basis}
    codes = [f"ZZ{number:04}" for number in range(BATCH + 1)]
    Organisation.objects.bulk_create(Organisation(code=code, basis=known.basis, **facts) for code in codes)
    made = propose(spec=merger(originals=codes), by=ANN, draft=True)
    assert list(made.parties.order_by("position").values_list("organisation_id", flat=True)) == codes


def test_of_earlier_changes_what_they_were_asked_to_do_is_not_read() -> None:
    with CaptureQueriesContext(connection) as queries:
        snapshot = snapshot_of(["5M1"])
    assert snapshot.history
    assert snapshot.edges
    assert not [query for query in queries if "particulars" in query["sql"]]


def test_missing_consultation_blocks_approval_until_it_is_recorded() -> None:
    asked = change(
        kind="establishment",
        portfolio="england-2006-2015",
        effective_on="2008-04-01",
        evidence={"board-composition": "agreed"},
        resulting=[{"code": "5ZZ", "name": "A new trust", "form": "pct-3"}],
    )
    made = propose(spec=asked, by=ANN)
    found = refusal(Step.APPROVE, made, BOB)
    assert (found.code, [problem.code for problem in found.problems]) == ("blocked-by-check", ["consultation-held"])
    decide(change_id=made.pk, step=Step.CONSULT, by=ANN, consultation=ConsultationNews(opens=date(2007, 9, 1)))
    amend(
        change_id=made.pk,
        by=ANN,
        consultation=ConsultationNews(
            closes=date(2007, 12, 1), responses_for=40, responses_against=3, summary="Broad support."
        ),
    )
    made = decide(change_id=made.pk, step=Step.APPROVE, by=BOB)
    assert made.findings.get(policy_check="consultation-held").outcome == Outcome.PASS


def test_an_approver_may_override_an_advisory_with_a_reason_but_never_a_block() -> None:
    made = propose(spec=merger(), by=ANN)
    assert refusal(Step.APPROVE, made, BOB, overrides={"form-path": "I insist"}).code == "invalid"
    made = decide(change_id=made.pk, step=Step.APPROVE, by=BOB, overrides={"development-time": "Work began in 2013."})
    held = made.findings.get(policy_check="development-time")
    assert (held.outcome, held.overridden_by, held.override_reason) == ("advise", "bob", "Work began in 2013.")


def test_effecting_one_of_two_rivals_flags_the_other() -> None:
    rival = propose(spec=merger(originals=["00F", "00J"], resulting=NEWCASTLE["resulting"] | {"code": "13X"}), by=ANN)
    carried_through(merger())
    rival.refresh_from_db()
    assert "carried out meanwhile" in rival.flag
    assert "no longer be made" in rival.flag
    with pytest.raises(Unacceptable):
        decide(change_id=rival.pk, step=Step.APPROVE, by=BOB)


def test_comments_are_kept_with_who_said_them() -> None:
    made = propose(spec=merger(), by=ANN)
    comment_on(change_id=made.pk, by=BOB, text="What of the river?")
    assert [(said.by, said.text) for said in made.comments.all()] == [("bob", "What of the river?")]


def test_the_preview_of_a_saved_proposal_is_as_it_stands_now() -> None:
    made = propose(spec=merger(), by=ANN)
    assert outcomes(preview_of(made))["management-capacity"] == "pass"
    amend(change_id=made.pk, by=ANN, evidence={"relations": "The three have worked as one since 2013."})
    made.refresh_from_db()
    assert outcomes(preview_of(made))["relations"] == "pass"


def test_every_kind_can_be_proposed_and_carried_out() -> None:
    asks = [
        change(
            kind="establishment",
            portfolio="england-2006-2015",
            resulting=[{"code": "13Z", "name": "A new group", "form": "clinical-commissioning-group"}],
        ),
        change(kind="rename", effective_on="2015-03-02", originals=["13Z"], name="A renamed group"),
        change(
            kind="split",
            originals=["03N"],
            resulting=[
                {"code": "13A", "name": "East", "form": "clinical-commissioning-group"},
                {"code": "13B", "name": "West", "form": "clinical-commissioning-group"},
            ],
            edges=[
                {"original": "03N", "resulting": "13A", "share": "0.6"},
                {"original": "03N", "resulting": "13B", "share": "0.4"},
            ],
        ),
        change(
            kind="transfer",
            originals=["01A", "01E"],
            edges=[{"original": "01A", "resulting": "01E", "share": "0.05", "basis": "named-items"}],
            moves=[{"what": "Two wards on the boundary", "from": "01A", "to": "01E"}],
        ),
        change(
            kind="reconfiguration",
            originals=["00J", "00K"],
            resulting=[
                {"code": "13C", "name": "North", "form": "clinical-commissioning-group"},
                {"code": "13D", "name": "South", "form": "clinical-commissioning-group"},
            ],
            edges=[
                {"original": "00J", "resulting": "13C", "share": "0.7"},
                {"original": "00J", "resulting": "13D", "share": "0.3"},
                {"original": "00K", "resulting": "13D", "share": "1"},
            ],
        ),
        merger(originals=["00F", "00G"], resulting={"code": "00F"}),
        change(kind="dissolution", effective_on="2015-03-03", originals=["13Z"]),
    ]
    for asked in asks:
        seen = preview(spec=asked)
        made = carried_through(asked)
        assert made.status == ChangeStatus.EFFECTED, asked.kind
        resulting = seen.plan.request.resulting
        reached = totals_of(resulting, snapshot_of(resulting), asked.effective_on, measures())
        assert reached == seen.after, asked.kind
    people = {code: Organisation.objects.get(pk=code).populations.latest("on").count for code in ("13A", "13B")}
    assert sum(people.values()) == Organisation.objects.get(pk="03N").populations.get().count
    assert not Relationship.objects.filter(subject="00G", end__isnull=True).exists()
    assert not list(chain_faults())


def test_what_is_kept_says_its_version_and_is_read_by_it() -> None:
    asked = merger()
    made = propose(spec=asked, by=ANN)
    assert made.particulars["version"] == 1
    assert as_saved(made.particulars) == asked
    before_versions = {name: value for name, value in made.particulars.items() if name != "version"}
    assert as_saved(before_versions) == asked
    with pytest.raises(Invalid):
        as_saved(before_versions | {"version": 99})
