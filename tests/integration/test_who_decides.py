"""Whoever wrote any part of a change does not decide upon it; whose it is, who reads it, and what the trail keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, transaction

from organisations.domain.lifecycle import Step
from organisations.models import Change, ChangeAuthor
from organisations.policies import ChangePermission, steps_open_to
from organisations.selectors.proposals import ProposalQueue, queue_of
from organisations.services.amendments import ConsultationNews, amend, edit_draft, name_collaborators
from organisations.services.proposals import comment_on, decide, propose
from organisations.specs.change import ProposedMerger, proposed
from pcorg.core.accounts.roles import Role, actor_of
from pcorg.core.audit.models import AuditEntry
from pcorg.core.audit.reading import visible_entries
from pcorg.core.audit.trail import record
from pcorg.core.policies import ANONYMOUS, Actor, can
from pcorg.core.refusals import NotFound, Refusal

pytestmark = pytest.mark.django_db
NEWCASTLE = {
    "originals": ["00F", "00G", "00H"],
    "resulting": {"code": "13T", "name": "Newcastle Gateshead", "form": "clinical-commissioning-group"},
    "effective_on": "2015-03-01",
    "rationale": "One body for the city on both banks.",
    "evidence": {"management-capacity": "joint team", "board-composition": "agreed by all members"},
}
NEWS = ConsultationNews(opens=date(2014, 9, 1), closes=date(2014, 12, 1), summary="Broad support.")
Make = Callable[..., User]


def merger(**given: Any) -> Any:
    return proposed(ProposedMerger, NEWCASTLE | given).as_change()


@pytest.fixture
def ann(person: Make) -> Actor:
    return actor_of(person("ann", Role.COMMISSIONER))


@pytest.fixture
def bob(person: Make) -> Actor:
    return actor_of(person("bob", Role.APPROVER))


@pytest.fixture
def cat(person: Make) -> Actor:
    return actor_of(person("cat", Role.APPROVER))


def refused(deed: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught, transaction.atomic():
        deed()
    return caught.value.code


def refused_step(step: Step, change: Change, by: Actor) -> str:
    return refused(lambda: decide(change_id=change.pk, step=step, by=by, comment="So be it."))


def test_an_approver_who_wrote_a_part_does_not_decide(ann: Actor, bob: Actor, cat: Actor) -> None:
    """Whichever part it was: evidence, rationale, the consultation by itself or with a step, the draft, putting it
    forward. Another approver decides."""
    writings: dict[str, Callable[[Change], Any]] = {
        "evidence": lambda made: amend(change_id=made.pk, by=bob, evidence={"relations": "Good."}),
        "rationale": lambda made: amend(change_id=made.pk, by=bob, rationale="Anew."),
        "consultation": lambda made: amend(change_id=made.pk, by=bob, consultation=NEWS),
        "step": lambda made: decide(change_id=made.pk, step=Step.CONSULT, by=bob, consultation=NEWS),
        "draft": lambda made: edit_draft(change_id=made.pk, spec=merger(title="Anew"), by=bob),
        "forward": lambda made: decide(change_id=made.pk, step=Step.PROPOSE, by=bob),
    }
    for part, write in writings.items():
        made = propose(spec=merger(), by=ann, draft=part in {"draft", "forward"})
        assert "own-proposal" not in {refused_or_none(made, bob)}
        name_collaborators(change_id=made.pk, names=["bob"], by=ann)
        write(made)
        if part == "draft":
            decide(change_id=made.pk, step=Step.PROPOSE, by=ann)
        name_collaborators(change_id=made.pk, names=[], by=ann)
        for step in (Step.APPROVE, Step.REJECT):
            assert refused_step(step, made, bob) == "own-proposal", part
        assert made.pk not in queue_of(ProposalQueue.WAITING, bob).values_list("pk", flat=True)
        assert made.pk in queue_of(ProposalQueue.WAITING, cat).values_list("pk", flat=True)
        decide(change_id=made.pk, step=Step.APPROVE, by=cat)
        assert refused_step(Step.EFFECT, made, bob) == "own-proposal", part
        decide(change_id=made.pk, step=Step.REJECT, by=cat)


def refused_or_none(change: Change, by: Actor) -> str:
    return can(by, ChangePermission.APPROVE, change).code


def test_evidence_given_in_the_same_breath_as_an_approval_is_the_approvers_own(ann: Actor, bob: Actor) -> None:
    made = propose(spec=merger(), by=ann)
    step = {"change_id": made.pk, "step": Step.APPROVE, "consultation": NEWS}
    assert refused(lambda: decide(by=bob, **step)) == "forbidden"
    name_collaborators(change_id=made.pk, names=["bob"], by=ann)
    assert refused(lambda: decide(by=bob, **step)) == "own-proposal"
    made.refresh_from_db()
    assert (made.status, made.authors.count()) == ("proposed", 1)


def test_overriding_an_advisory_is_the_approvers_own_act(ann: Actor, bob: Actor) -> None:
    made = propose(spec=merger(), by=ann)
    decide(change_id=made.pk, step=Step.APPROVE, by=bob, overrides={"development-time": "Work began in 2013."})
    assert decide(change_id=made.pk, step=Step.EFFECT, by=bob).status == "effected"


def test_a_rename_makes_nobody_somebody_else(bob: Actor, cat: Actor, person: Make) -> None:
    made = propose(spec=merger(), by=bob)
    user = User.objects.get(pk=bob.id)
    user.username = "robert"
    user.save()
    renamed, namesake = actor_of(user), actor_of(person("bob", Role.APPROVER))
    assert refused_step(Step.APPROVE, made, renamed) == "own-proposal"
    assert steps_open_to(renamed, made) == (Step.CONSULT, Step.WITHDRAW)
    assert not can(namesake, ChangePermission.AMEND, made)
    assert can(namesake, ChangePermission.APPROVE, made)
    decide(change_id=made.pk, step=Step.APPROVE, by=cat)
    assert refused_step(Step.EFFECT, made, renamed) == "own-proposal"


def test_only_its_people_write_on_a_change(ann: Actor, bob: Actor, person: Make) -> None:
    made = propose(spec=merger(), by=ann)
    dan = actor_of(person("dan", Role.COMMISSIONER))
    others: list[Callable[[Actor], Any]] = [
        lambda by: amend(change_id=made.pk, by=by, rationale="Mine now."),
        lambda by: amend(change_id=made.pk, by=by, consultation=NEWS),
        lambda by: decide(change_id=made.pk, step=Step.WITHDRAW, by=by, comment="Away."),
        lambda by: name_collaborators(change_id=made.pk, names=[by.name], by=by),
    ]
    for deed in others:
        for by in (bob, dan):
            assert refused(lambda deed=deed, by=by: deed(by)) == "forbidden"  # type: ignore[misc]
    assert refused_step(Step.CONSULT, made, dan) == "forbidden"
    comment_on(change_id=made.pk, by=dan, text="Why now?")
    name_collaborators(change_id=made.pk, names=["dan"], by=ann)
    assert refused(lambda: name_collaborators(change_id=made.pk, names=[], by=dan)) == "forbidden"
    amend(change_id=made.pk, by=dan, rationale="Ours.")
    decide(change_id=made.pk, step=Step.WITHDRAW, by=dan, comment="Overtaken.")


def test_what_is_amended_after_approval_is_approved_anew(ann: Actor, bob: Actor) -> None:
    made = propose(spec=merger(), by=ann)
    decide(change_id=made.pk, step=Step.APPROVE, by=bob)
    amend(change_id=made.pk, by=ann, rationale="One body for the city on both banks.")  # says what it said
    made.refresh_from_db()
    assert made.status == "approved"
    amend(change_id=made.pk, by=ann, rationale="Another reason.")
    made.refresh_from_db()
    assert made.status == "proposed"
    assert "approved anew" in made.decisions.last().comment
    assert refused_step(Step.EFFECT, made, bob) == "not-allowed-in-status"
    decide(change_id=made.pk, step=Step.CONSULT, by=ann)
    decide(change_id=made.pk, step=Step.APPROVE, by=bob)
    amend(change_id=made.pk, by=ann, consultation=NEWS)
    made.refresh_from_db()
    assert made.status == "consulting"
    decide(change_id=made.pk, step=Step.APPROVE, by=bob, expected=made.version)
    assert decide(change_id=made.pk, step=Step.EFFECT, by=bob).status == "effected"


def test_the_trail_keeps_what_each_amendment_altered(ann: Actor) -> None:
    made = propose(spec=merger(), by=ann, draft=True)
    edit_draft(change_id=made.pk, spec=merger(title="Anew"), by=ann, expected=1, put_forward=True)
    amend(change_id=made.pk, by=ann, rationale="Another reason.", expected=2)
    amend(change_id=made.pk, by=ann, evidence={"relations": "Good."})
    amend(change_id=made.pk, by=ann, consultation=NEWS)
    decide(change_id=made.pk, step=Step.CONSULT, by=ann, consultation=ConsultationNews(summary="Mixed."))
    entries = AuditEntry.objects.filter(subject=f"change {made.pk}").order_by("sequence")
    told = [(entry.action, entry.particulars) for entry in entries]
    amended = ["amend-change"] * 3
    assert [action for action, _ in told] == [
        "draft-change", "edit-draft", "propose-change", *amended, "consult-change",
    ]  # fmt: skip
    edited, _, rationale, evidence, consultation, consulted = (particulars for _, particulars in told[1:])
    assert edited["before"]["title"] == "Merger: 00F, 00G, 00H → 13T"
    assert edited["after"]["title"] == edited["after"]["particulars"]["title"] == "Anew"
    assert "rationale" not in edited["after"]
    assert rationale == {
        "before": {"rationale": NEWCASTLE["rationale"]},
        "after": {"rationale": "Another reason."},
    }
    assert "relations" not in evidence["before"]["evidence"]
    assert evidence["after"]["evidence"]["relations"] == "Good."
    assert (consultation["before"], consultation["after"]["consultation"]["closes"]) == (
        {"consultation": {}},
        "2014-12-01",
    )
    assert consulted["before"]["consultation"]["summary"] == "Broad support."
    assert consulted["after"]["consultation"]["summary"] == "Mixed."


def test_an_edited_draft_is_the_same_change_with_other_bodies(ann: Actor) -> None:
    made = propose(spec=merger(), by=ann, draft=True)
    edit_draft(change_id=made.pk, spec=merger(originals=["00J", "00K"]), by=ann)
    assert list(made.parties.values_list("organisation_id", flat=True)) == ["00J", "00K"]
    decide(change_id=made.pk, step=Step.PROPOSE, by=ann)
    assert refused(lambda: edit_draft(change_id=made.pk, spec=merger(), by=ann)) == "not-allowed-in-status"
    assert Change.objects.filter(recorded=False).count() == 1 + Change.objects.filter(owner_name="illustration").count()


def test_a_withdrawal_says_why(ann: Actor) -> None:
    made = propose(spec=merger(), by=ann)
    for comment in ("", "  "):
        with pytest.raises(Refusal) as caught:
            decide(change_id=made.pk, step=Step.WITHDRAW, by=ann, comment=comment)
        assert (caught.value.code, [each.pointer for each in caught.value.problems]) == ("invalid", ["/comment"])
    decide(change_id=made.pk, step=Step.WITHDRAW, by=ann, comment="Overtaken.")


def test_drafts_are_read_by_their_people(ann: Actor, bob: Actor, person: Make) -> None:
    dan = actor_of(person("dan", Role.COMMISSIONER))
    made = propose(spec=merger(), by=ann, draft=True)
    name_collaborators(change_id=made.pk, names=["dan"], by=ann)
    subject = f"change {made.pk}"

    def readers() -> list[str]:
        everybody = {"ann": ann, "dan": dan, "bob": bob, "stranger": ANONYMOUS}
        seen = {name for name, by in everybody.items() if Change.objects.visible_to(by).filter(pk=made.pk).exists()}
        entries = AuditEntry.objects.filter(subject=subject)
        assert seen == {name for name, by in everybody.items() if visible_entries(by, entries).exists()}
        return sorted(seen)

    assert readers() == ["ann", "dan"]
    for deed in (
        lambda: comment_on(change_id=made.pk, by=bob, text="Hm."),
        lambda: decide(change_id=made.pk, step=Step.PROPOSE, by=bob),
        lambda: amend(change_id=made.pk, by=bob, rationale="x"),
    ):
        with pytest.raises(NotFound):
            deed()
    other = propose(spec=merger(), by=ann, draft=True)
    decide(change_id=made.pk, step=Step.WITHDRAW, by=ann, comment="Not worth it.")
    assert readers() == ["ann", "dan"], "a draft that was never put forward stays its people's"
    made = other
    subject = f"change {made.pk}"
    decide(change_id=made.pk, step=Step.PROPOSE, by=ann)
    assert readers() == ["ann", "bob", "dan", "stranger"]
    decide(change_id=made.pk, step=Step.WITHDRAW, by=ann, comment="Overtaken.")
    assert readers() == ["ann", "bob", "dan", "stranger"]


MIGRATION: Any = import_module("organisations.migrations.0015_changes_have_owners_and_authors")


def test_names_that_were_written_down_become_the_people_who_have_them(ann: Actor, bob: Actor) -> None:
    """Those who proposed, put forward and added, from decisions and the trail; names that nobody has stay names."""
    made = propose(spec=merger(), by=Actor("ann", commissions=True), draft=True)
    gone = propose(spec=merger(), by=Actor("long-gone", commissions=True))
    made.decisions.create(status="proposed", by="bob", at="2014-05-01T00:00Z")
    with transaction.atomic():
        record(actor="carol", action="amend-change", subject=f"change {gone.pk}")
        record(actor="carol", action="amend-change", subject="change of heart")
    ChangeAuthor.objects.all().delete()

    MIGRATION.know_people(apps, connection.schema_editor())

    made.refresh_from_db()
    gone.refresh_from_db()
    assert (made.owner_id, gone.owner_id) == (ann.id, None)
    assert set(made.authors.values_list("user_id", "name")) == {(ann.id, "ann"), (bob.id, "bob")}
    assert set(gone.authors.values_list("user_id", "name")) == {(None, "long-gone"), (None, "carol")}
    assert not ChangeAuthor.objects.filter(change__recorded=True).exists()
