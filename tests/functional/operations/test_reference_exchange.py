"""Import and export of reference records in the admin: checked first, whole or not at all, audited."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import yaml
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commissioning.models import ArmOptionPoint, Service
from organisations.exchange import waiting
from organisations.exchange.formats import LARGEST, MOST_ROWS
from organisations.models import Form, Source, TransitionRule
from pcorg.core.accounts import actions
from pcorg.core.accounts.roles import Role
from pcorg.core.audit import checking, trail
from pcorg.core.audit.models import AuditEntry
from tests.functional.operations.test_admin import REFERENCE, SignedIn, list_of
from tests.nasty import FEW

pytestmark = pytest.mark.django_db

CSV, XLSX, JSON, YAML = range(4)
KEPT = "slug,label,group,tier,position,source,locator,note\n"
"""Columns of a service."""


@pytest.fixture
def editor(signed_in: SignedIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The admin as a data administrator reaches it; uploads wait in a folder of the test."""
    monkeypatch.setattr(waiting.tempfile, "gettempdir", lambda: str(tmp_path))
    user = actions.make_user(username="dora", by="tests")
    actions.grant_role(user=user, role=Role.DATA_ADMINISTRATOR, by="tests")
    user.refresh_from_db()
    return signed_in(user)


def export(client: Client, model: type, format: int) -> bytes:
    response = client.post(f"{list_of(model)}export/", {"format": format, "resource": 0})
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return response.content


def upload(client: Client, model: type, format: int, content: bytes | str) -> HttpResponse:
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("told.file", data)
    return client.post(f"{list_of(model)}import/", {"format": format, "resource": 0, "import_file": file})


def confirm(client: Client, model: type, checked: HttpResponse) -> HttpResponse:
    """What pressing the button of the page sends."""
    form = BeautifulSoup(checked.content, "html.parser").select_one("#content form")
    sent = {field["name"]: field["value"] for field in form.select("input[name]")}
    return client.post(f"{list_of(model)}process_import/", sent)


def faults(page: HttpResponse) -> list[str]:
    parsed = BeautifulSoup(page.content, "html.parser")
    return [" ".join(line.get_text().split()) for line in parsed.select("#content .errorlist li")]


def caption(page: HttpResponse) -> str:
    return BeautifulSoup(page.content, "html.parser").select_one("#content caption").get_text(strip=True)


@pytest.mark.both_databases
@pytest.mark.exhaustive
@pytest.mark.parametrize("model", REFERENCE)
def test_what_is_exported_is_what_is_there_in_every_format(editor: Client, model: type) -> None:
    held = model.objects.count()
    before = trail.data_version()
    for format in (CSV, XLSX, JSON, YAML):
        checked = upload(editor, model, format, export(editor, model, format))
        assert caption(checked) == f"0 new, 0 changed, {held} as they are", faults(checked)
        assert confirm(editor, model, checked).status_code == 302
    assert trail.data_version() == before


def test_formats_are_what_they_say(editor: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(export(editor, Service, CSV).decode())))
    assert len(rows) == 32
    assert sorted(rows[0]) == sorted(KEPT.strip().split(","))
    assert next(iter(rows[0])) == "slug"
    assert (rows[1]["slug"], rows[1]["tier"], rows[1]["group"]) == (
        "community-maternity",
        "with-other-agencies",
        "children-and-families",
    )
    assert json.loads(export(editor, Service, JSON))[1] == {**rows[1], "position": 1}
    assert yaml.safe_load(export(editor, Service, YAML))[1] == {**rows[1], "position": 1}
    sheet = openpyxl.load_workbook(io.BytesIO(export(editor, Service, XLSX))).active
    assert [cell.value or "" for cell in sheet[3]] == list({**rows[1], "position": 1}.values())


def test_an_export_has_what_the_list_shows(editor: Client) -> None:
    address = f"{list_of(Service)}export/?group__slug__exact=rehabilitation"
    rows = list(csv.DictReader(io.StringIO(editor.post(address, {"format": CSV, "resource": 0}).content.decode())))
    assert [row["group"] for row in rows] == ["rehabilitation"] * 5


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_export_narrowed_by_what_nothing_is_found_by_is_refused(editor: Client, method: str) -> None:
    for query in ("a=1", "a=%D9%A3", "slug__nothing=x", "p=%C2%B2", "o=%C2%B2", "all=x"):
        answer = getattr(editor, method)(f"/admin/organisations/form/export/?{query}")
        assert answer.status_code in {200, 400}, (query, answer.status_code)
    assert getattr(editor, method)("/admin/organisations/form/export/?a=1").status_code == 400


@pytest.mark.parametrize("model", [TransitionRule, Form, ArmOptionPoint])
def test_an_export_costs_few_queries(editor: Client, queries: Callable[[], CaptureQueriesContext], model: type) -> None:
    with queries() as seen:
        export(editor, model, CSV)
    assert len(seen) <= 12


def test_an_import_is_shown_then_written_and_audited(editor: Client) -> None:
    content = KEPT + (
        "audiology,Hearing,health-and-wellbeing,,11,kings-fund-2009,line 354,\n"
        "tele-care,Care by telephone,long-term-conditions,,40,pcorg-model,,Ours\n"
    )
    checked = upload(editor, Service, CSV, content)
    page = BeautifulSoup(checked.content, "html.parser")

    assert caption(checked) == "1 new, 1 changed, 0 as they are"
    assert (page.select_one("tr.update del").text, page.select_one("tr.update ins").text) == ("Audiology", "Hearing")
    assert Service.objects.get(pk="audiology").label == "Audiology"
    assert not AuditEntry.objects.filter(actor="dora").exists()

    assert confirm(editor, Service, checked).status_code == 302
    assert Service.objects.get(pk="audiology").label == "Hearing"
    assert Service.objects.get(pk="tele-care").group_id == "long-term-conditions"
    changed, added, whole = AuditEntry.objects.filter(actor="dora").order_by("sequence")
    assert (changed.action, changed.subject) == ("change-service", "audiology")
    assert changed.particulars == {"label": {"before": "Audiology", "after": "Hearing"}}
    assert (added.action, added.subject) == ("add-service", "tele-care")
    assert added.particulars["note"] == {"before": None, "after": "Ours"}
    assert (whole.action, whole.subject) == ("import-service", "told.file")
    assert whole.particulars == {"created": 1, "changed": 1, "unchanged": 0}
    assert list(checking.chain_faults()) == []


def test_what_the_trail_calls_a_file_or_a_record_fits(editor: Client) -> None:
    """A name that is too long would stop the write on PostgreSQL."""
    checked = upload(editor, Service, CSV, "slug,label,group\none,First,end-of-life\n")
    form = BeautifulSoup(checked.content, "html.parser").select_one("#content form")
    sent = {field["name"]: field["value"] for field in form.select("input[name]")}
    editor.post(f"{list_of(Service)}process_import/", {**sent, "original_file_name": "x" * 500})
    assert Service.objects.filter(pk="one").exists()
    assert AuditEntry.objects.get(action="import-service").subject == "x" * 200


def test_columns_left_out_leave_records_as_they_are_and_what_hangs_on_them_is_audited(editor: Client) -> None:
    rule = TransitionRule.objects.filter(checks__isnull=False).first()
    kept = {"from_form": rule.from_form_id, "to_form": rule.to_form_id, "route": rule.route}
    was = " ".join(rule.checks.values_list("pk", flat=True))
    checked = upload(editor, TransitionRule, JSON, json.dumps([{**kept, "checks": "form-path form-dates"}]))
    assert confirm(editor, TransitionRule, checked).status_code == 302

    again = TransitionRule.objects.get(pk=rule.pk)
    assert set(again.checks.values_list("pk", flat=True)) == {"form-path", "form-dates"}
    assert (again.earliest, again.source_id, again.locator) == (rule.earliest, rule.source_id, rule.locator)
    entry = AuditEntry.objects.get(action="change-transitionrule")
    assert set(entry.particulars) == {"checks"}
    assert entry.particulars["checks"]["before"] == was


def test_every_fault_is_told_by_row_and_nothing_is_written(editor: Client) -> None:
    before, held = trail.data_version(), list(Form.objects.values())
    content = (
        "slug,label,family,nature,level,free_standing,first_date,accountable_to,source\n"
        "pct-3,Renamed,primary-care-groups-and-trusts,body,3,true,2000-04-01,health-authority,goodwin-2001\n"
        "pct-4,Other,no-family,body,9,perhaps,1 April,nobody neither,nowhere\n"
        ",,later-bodies,body,2.5,true,,,\n"
        "pcg-1,Renamed,primary-care-groups-and-trusts,body,1,false,,,\n"
    )
    told = faults(upload(editor, Form, CSV, content))
    for words in (
        "Row 2, family: Value 'no-family' is not a valid choice.",
        "Row 2, level: Ensure this value is less than or equal to 4.",
        "Row 2, free_standing: “perhaps” value must be either True, False, or None.",
        "Row 2, first_date: “1 April” value has an invalid date format. It must be in YYYY-MM-DD format.",
        "Row 2, accountable_to: There is no form called “nobody”.",
        "Row 2, source: There is no source called “nowhere”.",
        "Row 3, slug: This field cannot be blank.",
        "Row 3, label: This field cannot be blank.",
        "Row 3, level: “2.5” value must be an integer.",
        "Row 4, label: Form with this Label already exists.",
    ):
        assert words in told
    assert list(Form.objects.values()) == held
    assert trail.data_version() == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("slug,label,colour\naudiology,Hearing,blue\n", "There is no column “colour” here."),
        ("label\nHearing\n", "The column “slug” is missing."),
        ("slug,label,label\naudiology,Hearing,Ears\n", "The column “label” stands twice."),
        ("slug,label\naudiology,Hearing\naudiology,Ears\n", "“audiology” is in 2 rows."),
    ],
)
def test_columns_and_rows_that_do_not_fit_are_refused(editor: Client, content: str, told: str) -> None:
    page = upload(editor, Service, CSV, content)
    assert any(told in fault for fault in faults(page))
    assert not BeautifulSoup(page.content, "html.parser").select("input[name=confirm]")


def test_what_changed_meanwhile_stops_the_whole_import(editor: Client) -> None:
    content = "slug,label,group\none,First,end-of-life\ntwo,Second,end-of-life\n"
    checked = upload(editor, Service, CSV, content)
    Service.objects.create(slug="other", label="Second", group_id="rehabilitation")
    before = trail.data_version()

    page = confirm(editor, Service, checked)

    assert faults(page) == ["Row 2, label: Service with this Label already exists."]
    assert not Service.objects.filter(pk__in=["one", "two"]).exists()
    assert trail.data_version() == before


def test_an_import_that_is_not_audited_is_not_written(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError("the trail is full")

    checked = upload(editor, Service, CSV, "slug,label,group\none,First,end-of-life\n")
    monkeypatch.setattr("organisations.exchange.resources.trail.record_all", refuse)

    assert faults(confirm(editor, Service, checked)) == ["the trail is full"]
    assert not Service.objects.filter(pk="one").exists()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_cells_never_begin_a_formula_and_come_back_as_they_were(editor: Client, start: str) -> None:
    Source.objects.create(slug="nasty", title=f"{start}1+1", note="fine")
    rows = csv.DictReader(io.StringIO(export(editor, Source, CSV).decode(), newline=""))
    assert next(row["title"] for row in rows if row["slug"] == "nasty") == f"'{start}1+1"
    sheet = openpyxl.load_workbook(io.BytesIO(export(editor, Source, XLSX))).active
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells[f"'{start}1+1"] == "s"
    assert "f" not in cells.values()
    for format in (CSV, XLSX):
        assert caption(upload(editor, Source, format, export(editor, Source, format))).startswith("0 new, 0 changed")


def bomb(size: int) -> bytes:
    """A workbook of a few kilobytes that would unpack to so many bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * size)
    return packed.getvalue()


def workbook(*rows: list[object]) -> bytes:
    """A workbook with one sheet of these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_a_workbook_keeps_its_columns_apart(editor: Client) -> None:
    """A heading left out does not shift what is below it."""
    gap = workbook(["slug", None, "label"], ["audiology", "stray", "Hearing"])
    assert any("There is no column “” here." in fault for fault in faults(upload(editor, Service, XLSX, gap)))
    whole = workbook(["slug", "label", "position"], ["audiology", "Hearing", 12.0], [], ["self-care"])
    page = upload(editor, Service, XLSX, whole)
    assert faults(page) == ["Row 2, label: This field cannot be blank."]
    page = upload(editor, Service, XLSX, workbook(["slug", "position"], ["audiology", 12.0], ["chiropody", 12.5]))
    assert faults(page) == ["Row 2, position: “12.5” value must be an integer."]


@pytest.mark.parametrize(
    ("format", "content", "told"),
    [
        (XLSX, b"no workbook", "This file is damaged: it cannot be opened."),
        (XLSX, bomb(30_000_000), "would expand to more than 100 times its size"),
        (XLSX, bomb(60_000_000), "It would expand to 60,000,000 bytes; at most 33,554,432 are read."),
        (
            XLSX,
            workbook(["slug", "label"], ["one", "=1+1"]),
            "Formulas are not read. Put their results there instead, in rows 2.",
        ),
        (YAML, b"- &a {slug: x}\n- *a\n", "Anchors and aliases are not read"),
        (JSON, b"{}", "The file must hold a list of records"),
        (JSON, b'[{"slug": "a"}, {"label": "b"}]', "These have others: 2."),
        (JSON, b"[" * 5000, "Nested more than 20 levels deep."),
        (CSV, b"slug\n" + b"a\n" * (MOST_ROWS + 1), "The file has more than 5,000 rows."),
        (CSV, b"slug\n" + b"a" * LARGEST, "The file has 2,097,157 bytes"),
        (CSV, b"slug,label\n\xff\xfe\n", "This cannot be read."),
        (CSV, b"", "The submitted file is empty."),
    ],
)
def test_files_that_cannot_be_read_say_why(editor: Client, format: int, content: bytes, told: str) -> None:
    assert any(told in fault for fault in faults(upload(editor, Service, format, content)))


def test_a_file_that_is_gone_is_asked_for_again(editor: Client) -> None:
    checked = upload(editor, Service, CSV, "slug,label,group\none,First,end-of-life\n")
    assert confirm(editor, Service, checked)["Location"] == list_of(Service)
    assert confirm(editor, Service, checked)["Location"] == f"{list_of(Service)}import/"
    forged = {"import_file_name": "../../etc/passwd", "original_file_name": "x", "format": "0", "resource": "0"}
    address = f"{list_of(Service)}process_import/"
    assert editor.post(address, forged)["Location"] == f"{list_of(Service)}import/"
    assert editor.post(address, {**forged, "format": "9"}).status_code == 200
    assert editor.get(address).status_code == 405


def test_a_file_waits_an_hour_and_no_longer(editor: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upload(editor, Service, CSV, "slug,label,group\none,First,end-of-life\n")
    (first,) = (tmp_path / "pcorg-imports").iterdir()
    now = waiting.time.time()
    monkeypatch.setattr(waiting.time, "time", lambda: now + waiting.KEPT_FOR + 60)
    upload(editor, Service, CSV, "slug,label,group\none,First,end-of-life\n")
    assert first not in set((tmp_path / "pcorg-imports").iterdir())


def test_a_file_never_waits_in_a_folder_of_somebody_else(editor: Client, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "pcorg-imports").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        upload(editor, Service, CSV, "slug,label,group\none,First,end-of-life\n")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_only_those_who_may_write_import(signed_in: SignedIn, person: object, approver: User) -> None:
    reader = User.objects.create_user("rita", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_service"))
    client = signed_in(reader)
    assert client.get(f"{list_of(Service)}import/").status_code == 403
    assert client.post(f"{list_of(Service)}process_import/").status_code == 403
    assert client.post(f"{list_of(Service)}export/", {"format": CSV, "resource": 0}).status_code == 200
    assert client.post(f"{list_of(Form)}export/", {"format": CSV, "resource": 0}).status_code == 403
    stranger = signed_in(approver).post(f"{list_of(Service)}import/")
    assert stranger["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("page", ["", "import/", "export/"])
def test_pages_run_no_script_of_their_own(editor: Client, page: str) -> None:
    """The content security policy would stop it."""
    parsed = BeautifulSoup(editor.get(f"{list_of(ArmOptionPoint)}{page}").content, "html.parser")
    assert not [tag for tag in parsed.select("script") if not tag.get("src") and tag.get("type") != "application/json"]
    assert not parsed.select("style")
    assert not [name for tag in parsed.find_all(True) for name in tag.attrs if name.startswith("on")]


@pytest.mark.parametrize("path", ["evaluation/evidence", "organisations/form", "organisations/transitionrule"])
def test_a_selection_of_what_can_be_no_record_is_refused_or_finds_nothing(editor: Client, path: str) -> None:
    for key in FEW:
        chosen = {"action": "delete_selected", "_selected_action": ["1", key], "post": "yes"}
        answer = editor.post(f"/admin/{path}/", chosen)
        assert answer.status_code in {200, 302, 400}, (key, answer.status_code)
    assert editor.post("/admin/evaluation/evidence/", {**chosen, "_selected_action": ["²"]}).status_code == 400
