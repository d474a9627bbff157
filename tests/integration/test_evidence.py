"""The trail covers the rows of data it speaks of: a row altered behind the product's back is found and named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import RequestFactory

from organisations.domain.lifecycle import Step
from organisations.models import Change, Form, Organisation, PolicyCheck, WaitingLoad
from organisations.services.load_portfolio import load_content
from organisations.services.proposals import Actor, comment_on, decide, propose
from organisations.services.waiting_loads import submit
from organisations.specs.change import ProposedMerger, proposed
from pcorg.core.accounts.actions import grant_role, make_user
from pcorg.core.accounts.roles import Role
from pcorg.core.audit import subjects
from pcorg.core.audit.checking import faults
from pcorg.core.audit.models import AuditEntry, AuditHead, AuditSeal
from pcorg.core.audit.subjects import Subject
from pcorg.core.audit.trail import digest_of, record
from tests.documents import coast
from tests.factories import rows
from tests.tampering import run, unguard

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def checks_hold_again() -> Iterator[None]:
    """What a test told SQLite to overlook is looked at again: connections outlive tests."""
    yield
    if connection.vendor == "sqlite":
        run("PRAGMA ignore_check_constraints = OFF")


ANN, BOB = Actor("ann", commissions=True), Actor("bob", commissions=True, approves=True)
GROUP = "clinical-commissioning-group"


def merged() -> Change:
    """Two groups of England, merged by proposal, approval and effect."""
    found = Organisation.objects.filter(form_periods__form=GROUP, closed=None).order_by("code")
    body = {
        "originals": list(found.values_list("code", flat=True)[:2]),
        "resulting": {"code": "9E001", "name": "Evidence", "form": GROUP},
        "effective_on": "2015-03-01",
        "evidence": dict.fromkeys(("consultation-held", "board-composition", "joint-agreement"), "recorded"),
    }
    change = propose(spec=proposed(ProposedMerger, body).as_change(), by=ANN)
    decide(change_id=change.pk, step=Step.APPROVE, by=BOB)
    return decide(change_id=change.pk, step=Step.EFFECT, by=BOB)


def test_a_change_from_first_word_to_effect_leaves_the_trail_whole_and_speaks_of_all_it_wrote() -> None:
    change = merged()
    comment_on(change_id=change.pk, by=ANN, text="Done.")

    assert list(faults()) == []
    effect = AuditEntry.objects.get(action="effect-change", subject=f"change {change.pk}")
    wrote = set(AuditSeal.objects.filter(sequence=effect.sequence).values_list("kind", "key"))
    originals = change.parties.filter(role="original").values_list("organisation", flat=True)
    assert {("change", str(change.pk)), ("organisation", "9E001")} <= wrote
    assert {("organisation", code) for code in originals} <= wrote


# One statement for each kind of rows, each straight on the database.
ALTERED = {
    "a name": ("UPDATE organisations_nameperiod SET name = 'x' WHERE organisation_id = '00K'", "organisation 00K"),
    "a count": ("UPDATE organisations_population SET count = 7 WHERE organisation_id = '00K'", "organisation 00K"),
    "a relationship": ("DELETE FROM organisations_relationship WHERE subject_id = '00K'", "organisation 00K"),
    "a decision": ("UPDATE organisations_changedecision SET by = 'x' WHERE change_id = 1", "change 1"),
    "a share": ("UPDATE organisations_lineageedge SET share = 0.25 WHERE change_id = 1", "change 1"),
    "a form": ("UPDATE organisations_form SET label = 'x' WHERE slug = 'pct-4'", "form pct-4"),
    "what links a form": ("DELETE FROM organisations_form_checks WHERE form_id = 'pct-4'", "form pct-4"),
    "a judgement": ("UPDATE evaluation_judgement SET rationale = 'x' WHERE id = 1", "assessment 1"),
    "a statement": (
        "UPDATE organisations_loadedrecord SET fingerprint = 'x' WHERE portfolio_id = 'illustrative-county'",
        "portfolio illustrative-county",
    ),
    "a holding": ("UPDATE commissioning_budgetholding SET amount = 1", "budget "),
    "a body added": (
        "INSERT INTO organisations_changecomment (change_id, by, at, text) VALUES (2, 'eve', '2020-01-01', 'x')",
        "change 2",
    ),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_is_altered_in_the_database_is_named(what: str) -> None:
    statement, named = ALTERED[what]
    assert run(statement.replace("%", "%%")) > 0
    found = list(faults())
    assert found
    assert all(fault.startswith(named) for fault in found), found


def test_roles_given_in_the_database_are_named() -> None:
    eve = make_user(username="eve", by="tests")
    grant_role(user=eve, role=Role.COMMISSIONER, by="tests")
    assert list(faults()) == []

    approver = Group.objects.get_or_create(name=Role.APPROVER.value)[0]
    run("INSERT INTO auth_user_groups (user_id, group_id) VALUES (%s, %s)", eve.pk, approver.pk)

    last = AuditEntry.objects.get(action="grant-role", subject="eve").sequence
    assert list(faults()) == [f"user {eve.pk} is not as entry {last}, the last to write it, left it."]


def test_a_user_that_was_put_into_the_database_is_named() -> None:
    eve = User.objects.create_user("eve", is_superuser=True)
    assert list(faults()) == [f"user {eve.pk} is here, but no entry speaks of it."]


def test_the_first_person_is_on_the_trail(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("createsuperuser", interactive=False, username="root", email="root@example.org")
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.action, entry.subject) == ("make-superuser", "root")
    assert list(faults()) == []


def test_signing_in_and_a_new_hash_of_a_password_are_no_alarm() -> None:
    ann = make_user(username="ann", by="tests")
    User.objects.filter(pk=ann.pk).update(last_login="2026-01-01T00:00Z", password="another")
    assert list(faults()) == []


def test_deleting_a_reference_record_seals_what_it_is_taken_away_from(rf: RequestFactory) -> None:
    check = PolicyCheck.objects.create(code="passing", title="x", question="x?", source_id="pcorg-model")
    form = Form.objects.get(pk="pct-4")
    with transaction.atomic():
        form.checks.add(check)
        record(actor="tests", action="link", subject="x", wrote=[Subject("form", "pct-4"), *subjects.of_record(check)])
    assert list(faults()) == []

    request = rf.post("/")
    request.user = User(username="ann")
    admin.site.get_model_admin(PolicyCheck).delete_model(request, check)

    assert not form.checks.filter(pk="passing").exists()
    assert list(faults()) == []


def test_who_asked_for_a_load_cannot_be_altered_unseen(administrator: User, approver: User) -> None:
    document = {name: part for name, part in coast().items() if name in {"schema", "portfolio", "bodies"}}
    load_content(content=json.dumps(document).encode(), name="coast.json", by="tests")
    more = json.dumps(document | {"changes": coast()["changes"]}).encode()
    by = Actor(administrator.username, id=administrator.pk, administers=True)
    waiting = submit(content=more, name="merger.json", by=by)
    assert isinstance(waiting, WaitingLoad)
    assert [fault for fault in faults() if fault.startswith("portfolio")] == []

    run("UPDATE organisations_waitingload SET asked_by_id = %s WHERE id = %s", approver.pk, waiting.pk)
    (fault,) = [fault for fault in faults() if fault.startswith("portfolio")]
    assert fault.startswith("portfolio small-coast is not as entry")


class TestSpoiltRows:
    """Whatever stands in a table, the check goes on and names it."""

    SPOILT = (
        {
            "a day that never ends": ("UPDATE organisations_population SET \"on\" = 'infinity' WHERE id = 5", 1),
            "a day before the calendar": (
                "UPDATE organisations_changedecision SET at = '4000-01-01 BC' WHERE change_id = 1",
                1,
            ),
            "a far day": ("UPDATE organisations_organisation SET opened = '20000-01-01' WHERE code = '00K'", 1),
        }
        if connection.vendor == "postgresql"
        else {
            "a word for a day": ("UPDATE organisations_organisation SET opened = 'never' WHERE code = '00K'", 1),
            "a word for a number": ("UPDATE organisations_change SET sequence = 'one' WHERE id = 1", 1),
            "bytes that are no text": (
                "UPDATE organisations_nameperiod SET name = CAST(x'ff00fe' AS TEXT) WHERE organisation_id = '00K'",
                1,
            ),
            "bytes for a share": ("UPDATE organisations_lineageedge SET note = x'00ff' WHERE change_id = 1", 1),
        }
    )

    @pytest.mark.parametrize("what", SPOILT)
    def test_data(self, what: str) -> None:
        statement, number = self.SPOILT[what]
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute(statement)
        assert len(list(faults())) == number

    def test_json_that_is_none(self) -> None:
        if connection.vendor == "sqlite":
            run("PRAGMA ignore_check_constraints = ON")
        broken = "{bad" if connection.vendor == "sqlite" else "[[1]]"
        run("UPDATE organisations_change SET evidence = %s WHERE id = 1", broken)
        last = AuditSeal.objects.filter(kind="change", key="1").latest("sequence").sequence
        assert list(faults()) == [f"change 1 is not as entry {last}, the last to write it, left it."]

    def test_an_entry(self) -> None:
        unguard()
        last = AuditEntry.objects.latest("sequence").sequence
        if connection.vendor == "sqlite":
            run("PRAGMA ignore_check_constraints = ON")
            run("UPDATE audit_auditentry SET particulars = '{', at = 'never' WHERE sequence = %s", last)
        else:
            run("UPDATE audit_auditentry SET at = 'infinity' WHERE sequence = %s", last)
        assert f"Entry {last} cannot be read: a date or its particulars are spoilt." in list(faults())

    def test_no_head(self) -> None:
        AuditHead.objects.all().delete()
        assert list(faults()) == ["The head of the chain is missing."]


class TestSeals:
    """What entries say they wrote is under the chain itself."""

    def test_a_row_altered_with_its_seal_is_found_in_the_chain(self) -> None:
        unguard()
        run("UPDATE organisations_form SET label = 'x' WHERE slug = 'pct-4'")
        subject = Subject("form", "pct-4")
        seal = AuditSeal.objects.filter(kind="form", key="pct-4").latest("sequence")
        AuditSeal.objects.filter(pk=seal.pk).update(digest=subjects.digests([subject])[subject])
        assert list(faults()) == [f"What entry {seal.sequence} says it wrote has been altered."]

    def test_a_seal_taken_away_is_found(self) -> None:
        unguard()
        seal = AuditSeal.objects.latest("sequence")
        AuditSeal.objects.filter(pk=seal.pk).delete()
        assert f"What entry {seal.sequence} says it wrote has been altered." in list(faults())

    def test_seals_of_an_entry_that_is_not_there_are_found(self) -> None:
        AuditSeal.objects.create(sequence=10**6, kind="form", key="pct-4", digest="x")
        assert list(faults()) == [f"Entry {10**6} is missing, but what it wrote is told."]

    def test_a_subject_of_no_kind_is_told(self) -> None:
        with transaction.atomic():
            record(actor="tests", action="try", subject="x")
        assert list(faults()) == []


def test_entries_of_the_first_form_are_still_checked() -> None:
    """As they were written before entries sealed anything; what is altered in one shows."""
    head = AuditHead.objects.get()
    old = AuditEntry(
        sequence=head.sequence + 1,
        at=head.at,
        actor="ann",
        action="x",
        subject="y",
        particulars={"n": 1.0},
        previous=head.digest,
        form=1,
    )
    old.digest = digest_of(old)
    old.save(force_insert=True)
    AuditHead.objects.update(sequence=old.sequence, digest=old.digest)
    assert list(faults()) == []
    unguard()
    AuditEntry.objects.filter(pk=old.pk).update(particulars={"n": 2})
    assert list(faults()) == [f"Entry {old.sequence} has been altered."]


def test_who_acts_is_kept_by_number_too() -> None:
    @dataclass(frozen=True)
    class Somebody:
        id: int | None
        name: str

    with transaction.atomic():
        record(actor=Somebody(7, "ann"), action="try", subject="x")
        record(actor="command:try", action="try", subject="x")
    first, second = AuditEntry.objects.order_by("-sequence")[:2][::-1]
    assert (first.actor, first.actor_id) == ("ann", 7)
    assert (second.actor, second.actor_id) == ("command:try", None)
    assert list(faults()) == []
    unguard()
    AuditEntry.objects.filter(pk=first.pk).update(actor_id=8)
    assert list(faults()) == [f"Entry {first.sequence} has been altered."]


ALIKE = {
    Subject("organisation", "X-ALIKE"): "d50b6b61d205c3aad4bbc1dab6fd05bbee3affe2c8db68fdb4605dde50e75e43",
    Subject("portfolio", "x-alike"): "b428cdf1b349dee64e1bfa7e3f510f2ae6dd6d4e8313d3894cf661c8067d7228",
}


def test_values_are_hashed_alike_on_both_databases() -> None:
    """Days, codes, truths, and JSON with its keys and numbers: the digests that both databases must give."""
    portfolio = rows.portfolio(slug="x-alike", limits=["é", {"b": 1.0, "a": 1e22, "c": -0.5}])
    rows.organisation("X-ALIKE", portfolio=portfolio, opened=date(1999, 4, 1))
    assert subjects.digests(ALIKE) == ALIKE


NOT_COVERED = {
    "AuditEntry": "the trail itself",
    "AuditHead": "the trail itself",
    "AuditSeal": "the trail itself",
    "KeptAnswer": "kept for a day",
    "KeptUpload": "kept for hours, or until somebody decides; the trail has the hash of a file that waits",
    "SignIn": "goes with its session; signing in is on the trail",
    "Recovery": "a moment that keeps letters apart; asking is on the trail",
    "TokenDetails": "altered whenever a token is used; making and revoking are on the trail",
    **dict.fromkeys(
        ("Job", "JobFile", "JobLine"), "work and no data: what comes of it, its action writes to the trail"
    ),
}


def test_every_table_of_ours_is_covered_or_said_not_to_be() -> None:
    ours = {"organisations", "commissioning", "evaluation", "audit", "idempotency", "uploads", "accounts", "jobs"}
    covered = subjects.covered()
    left = [
        model.__name__
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ours and model not in covered and not model._meta.proxy
    ]
    assert sorted(left) == sorted(NOT_COVERED)
