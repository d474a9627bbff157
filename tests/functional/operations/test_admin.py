"""The admin: reference records for data administrators, people for superusers, every write audited."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.admin import FormAdmin
from organisations.models import Form, GlossaryTerm, PolicyCheck, Source, TransitionRule
from pcorg.core.accounts import actions
from pcorg.core.accounts.roles import REFERENCE_MODELS, Role
from pcorg.core.audit import checking
from pcorg.core.audit.admin import PROTECTED_SHOWN
from pcorg.core.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

REFERENCE = [apps.get_model(app, model) for app, models in REFERENCE_MODELS.items() for model in models]
SignedIn = Callable[[User], Client]


@pytest.fixture
def editor(signed_in: SignedIn) -> Client:
    """The admin as a data administrator reaches it."""
    user = actions.make_user(username="dora", by="tests")
    actions.grant_role(user=user, role=Role.DATA_ADMINISTRATOR, by="tests")
    user.refresh_from_db()
    return signed_in(user)


def last_entry() -> AuditEntry:
    return AuditEntry.objects.latest("sequence")


def fields_of(client: Client, address: str) -> dict[str, object]:
    """What a form of the admin would send if it were sent as it stands."""
    form = BeautifulSoup(client.get(address).content, "html.parser").select_one("#content-main form")
    sent: dict[str, object] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.name == "select":
            chosen = [option["value"] for option in field.select("option[selected]")]
            sent[field["name"]] = chosen if field.has_attr("multiple") else (chosen or [""])[0]
        elif field.name == "textarea":
            sent[field["name"]] = field.get_text().removeprefix("\n")
        elif field.get("type") == "checkbox":
            if field.has_attr("checked"):
                sent[field["name"]] = "on"
        elif field.get("type") != "submit":
            sent[field["name"]] = field.get("value", "")
    return sent


def list_of(model: type) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"  # type: ignore[attr-defined]


def address_of(record: object, page: str = "change") -> str:
    meta = record._meta  # type: ignore[attr-defined]
    return f"/admin/organisations/{meta.model_name}/{admin.utils.quote(record.pk)}/{page}/"  # type: ignore[attr-defined]


def test_only_reference_records_and_people_are_there() -> None:
    shown = {model._meta.label for model in admin.site._registry}

    assert shown == {model._meta.label for model in REFERENCE} | {"auth.User"}


def test_a_data_administrator_sees_reference_records_only(editor: Client) -> None:
    page = BeautifulSoup(editor.get("/admin/").content, "html.parser")
    links = {link["href"] for link in page.select("#content-main th a")}

    assert page.find(id="site-name").get_text(strip=True) == "pcorg reference records"
    assert links == {list_of(model) for model in REFERENCE}
    assert editor.get("/admin/auth/user/").status_code == 403


def test_other_roles_do_not_get_in(signed_in: SignedIn, approver: User) -> None:
    response = signed_in(approver).get("/admin/")

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_a_change_is_audited_with_before_and_after(editor: Client) -> None:
    form = Form.objects.first()
    was = form.summary

    sent = fields_of(editor, address_of(form)) | {"summary": "Said better."}
    response = editor.post(address_of(form), sent)

    form.refresh_from_db()
    entry = last_entry()
    assert response.status_code == 302
    assert form.summary == "Said better."
    assert (entry.actor, entry.action, entry.subject) == ("dora", "change-form", form.slug)
    assert entry.particulars == {"summary": {"before": was, "after": "Said better."}}
    assert list(checking.chain_faults()) == []


def test_a_change_of_what_hangs_on_a_record_is_audited(editor: Client) -> None:
    rule = TransitionRule.objects.first()
    rule.checks.clear()
    check = PolicyCheck.objects.first()

    response = editor.post(address_of(rule), fields_of(editor, address_of(rule)) | {"checks": [check.pk]})

    assert response.status_code == 302
    assert list(rule.checks.all()) == [check]
    assert last_entry().subject == f"{rule.from_form_id} → {rule.to_form_id} by {rule.route}"
    assert last_entry().particulars == {"checks": {"before": [], "after": [check.pk]}}


def test_an_addition_is_audited(editor: Client) -> None:
    sent = {"term": "Care closer to home", "meaning": "Care outside hospital."}

    assert editor.post("/admin/organisations/glossaryterm/add/", sent).status_code == 302

    entry = last_entry()
    assert (entry.action, entry.subject) == ("add-glossaryterm", "Care closer to home")
    assert entry.particulars["meaning"]["after"] == "Care outside hospital."


def test_a_key_is_never_changed(editor: Client) -> None:
    form, count = Form.objects.first(), Form.objects.count()

    editor.post(address_of(form), fields_of(editor, address_of(form)) | {"slug": "another"})

    assert Form.objects.count() == count
    assert not Form.objects.filter(slug="another").exists()


def test_a_deletion_is_audited(editor: Client) -> None:
    term = GlossaryTerm.objects.create(term="Passing fashion", meaning="Soon gone.")

    editor.post(address_of(term, "delete"), {"post": "yes"})

    assert not GlossaryTerm.objects.filter(pk=term.pk).exists()
    assert (last_entry().action, last_entry().subject) == ("delete-glossaryterm", "Passing fashion")


def test_a_deletion_of_several_is_audited_one_by_one(editor: Client) -> None:
    for term in ("One", "Two"):
        GlossaryTerm.objects.create(term=term, meaning="To go.")

    editor.post(
        "/admin/organisations/glossaryterm/",
        {"action": "delete_selected", "_selected_action": ["Two", "One"], "post": "yes"},
    )

    entries = AuditEntry.objects.filter(action="delete-glossaryterm").order_by("sequence")
    assert [entry.subject for entry in entries] == ["One", "Two"]
    assert not GlossaryTerm.objects.filter(term__in=["One", "Two"]).exists()


def test_what_is_not_audited_is_not_written(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError("the trail is full")

    monkeypatch.setattr("pcorg.core.audit.admin.trail.record", refuse)
    sent = {"term": "Unwitnessed", "meaning": "Nobody saw."}
    with pytest.raises(RuntimeError, match="the trail is full"):
        editor.post("/admin/organisations/glossaryterm/add/", sent)

    assert not GlossaryTerm.objects.filter(term="Unwitnessed").exists()


def test_a_record_in_use_is_not_deleted_and_the_page_stays_short(editor: Client) -> None:
    """Checks are never deleted, so a source that none cites is asked for."""
    uncited = Source.objects.exclude(pk__in=PolicyCheck.objects.values("source"))
    source = max(uncited, key=lambda source: Form.objects.filter(source=source).count())

    page = BeautifulSoup(editor.get(address_of(source, "delete")).content, "html.parser")
    editor.post(address_of(source, "delete"), {"post": "yes"})

    assert "would require deleting the following protected" in " ".join(page.get_text().split())
    assert len(page.select("#content > ul > li")) <= PROTECTED_SHOWN + 1
    assert Source.objects.filter(pk=source.pk).exists()


@pytest.mark.parametrize("model", REFERENCE)
def test_lists_search_and_filter_in_few_queries(
    editor: Client, queries: Callable[[], CaptureQueriesContext], model: type
) -> None:
    address = list_of(model)

    with queries() as seen:
        listed: HttpResponse = editor.get(address)

    rows = BeautifulSoup(listed.content, "html.parser").select("#result_list tbody tr")
    assert len(rows) == min(model.objects.count(), FormAdmin.list_per_page)
    assert len(seen) <= 12
    nothing = BeautifulSoup(editor.get(address, {"q": "no such thing"}).content, "html.parser")
    assert not nothing.select("#result_list tbody tr")


def test_a_superuser_gives_out_roles_and_it_is_audited(
    signed_in: SignedIn, admin_user: User, person: Callable[..., User]
) -> None:
    client, ann = signed_in(admin_user), person("ann")
    address = f"/admin/auth/user/{ann.pk}/change/"
    group = Group.objects.get(name=Role.COMMISSIONER)

    assert client.post(address, fields_of(client, address) | {"groups": [group.pk]}).status_code == 302

    entry = last_entry()
    assert (entry.actor, entry.action, entry.subject) == ("admin", "change-user", "ann")
    assert entry.particulars == {"groups": {"before": [], "after": ["commissioner"]}}


def test_a_code_to_choose_a_password_by_is_audited_and_its_text_is_not(
    signed_in: SignedIn, admin_user: User, person: Callable[..., User]
) -> None:
    client, ann = signed_in(admin_user), person("ann")

    assert client.post("/admin/auth/user/add/", {"username": "ben", "email": ""}).status_code == 302
    added = last_entry()
    page = client.post(f"/admin/auth/user/{ann.pk}/password/", {"code": "Make a code"})
    made = last_entry()

    code = BeautifulSoup(page.content, "html.parser").find(id="password-code").get_text()
    assert (made.action, made.subject) == ("make-password-code", "ann")
    assert added.action == "add-user"
    assert code not in str([made.particulars, added.particulars])


@pytest.mark.parametrize("name", ["ADMIN", "", "two words"])
def test_a_name_that_another_has_or_that_is_none_is_refused(signed_in: SignedIn, admin_user: User, name: str) -> None:
    before = User.objects.count()

    assert signed_in(admin_user).post("/admin/auth/user/add/", {"username": name, "email": ""}).status_code == 200
    assert User.objects.count() == before
