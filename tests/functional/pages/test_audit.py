"""The audit trail as approvers and data administrators read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from pcorg.core.audit.models import AuditEntry
from pcorg.core.audit.trail import TrailEntry, record_all
from tests.functional.pages.filling import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(signed_in: Callable[[User], Client], approver: User) -> Client:
    return signed_in(approver)


@pytest.fixture
def many() -> None:
    """Enough entries for three pages."""
    with transaction.atomic():
        record_all(
            actor="ann", entries=[TrailEntry("comment-on-change", f"change {number}") for number in range(1, 121)]
        )


def read(client: Client, **query: str) -> BeautifulSoup:
    answer = client.get("/audit/", query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def numbers(page: BeautifulSoup) -> list[int]:
    return [int(words(row.td)) for row in page.select("tbody tr")]


def test_only_approvers_and_data_administrators_read_it(
    client: Client, signed_in: Callable, commissioner: User, approver: User, administrator: User
) -> None:
    assert client.get("/audit/")["Location"].startswith("/sign-in/")
    assert signed_in(commissioner).get("/audit/").status_code == 403
    assert signed_in(approver).get("/audit/").status_code == 200
    assert signed_in(administrator).get("/audit/").status_code == 200


def test_entries_say_who_what_and_when_newest_first(bob: Client, many: None) -> None:
    page = read(bob)
    first = [words(cell) for cell in page.select_one("tbody tr").select("td")]
    entry = AuditEntry.objects.latest("sequence")
    assert first[0] == str(entry.sequence)
    assert first[2:5] == ["ann", "comment on change", "change 120"]
    assert first[6] == entry.digest[:12]
    assert page.select_one("tbody a")["href"].startswith("/changes/120/")
    assert numbers(page) == sorted(numbers(page), reverse=True)


def test_pages_go_older_and_newer_without_loss(bob: Client, many: None) -> None:
    newest = read(bob, actor="ann")
    older = BeautifulSoup(bob.get(newest.select_one('a[rel="next"]')["href"]).content, "html.parser")
    oldest = BeautifulSoup(bob.get(older.select_one('a[rel="next"]')["href"]).content, "html.parser")
    seen = [*numbers(newest), *numbers(older), *numbers(oldest)]
    assert len(seen) == len(set(seen)) == 120
    assert oldest.select_one('a[rel="next"]') is None
    back = BeautifulSoup(bob.get(older.select_one('a[rel="prev"]')["href"]).content, "html.parser")
    assert numbers(back) == numbers(newest)
    assert back.select_one('a[rel="prev"]') is None


def test_it_is_narrowed_by_who_what_subject_and_day(bob: Client, many: None) -> None:
    assert len(numbers(read(bob, subject="change 12", actor="ann"))) == 2  # 12 and 120
    assert numbers(read(bob, action="load-portfolio", actor="ann")) == []
    assert "No entry fits" in words(read(bob, until="1999-01-01").main)
    assert numbers(read(bob, since="1999-01-01"))
    kept = read(bob, actor="ann").select_one('a[rel="next"]')["href"]
    assert "actor=ann" in kept


def test_a_day_that_is_none_is_told(bob: Client) -> None:
    answer = bob.get("/audit/", {"since": "yesterday"})
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 400
    assert page.select_one(".nhsuk-error-summary a")["href"] == "#since"
    assert page.select_one("#since")["value"] == "yesterday"


@pytest.mark.parametrize("query", [{"before": "x"}, {"after": "-1"}, {"before": "9" * 30}, {"actor": "\x00"}])
def test_what_cannot_be_read_is_named(bob: Client, query: dict[str, str]) -> None:
    answer = bob.get("/audit/", query)
    assert answer.status_code == 400
    assert f"{next(iter(query))} " in BeautifulSoup(answer.content, "html.parser").select_one("main p").get_text()


def test_all_of_it_as_a_table(bob: Client, many: None) -> None:
    answer = bob.get("/audit/", {"actor": "ann", "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert len(rows) == 120
    assert rows[0]["subject"] == "change 120"


def test_few_questions_of_the_database(bob: Client, many: None, queries: Callable) -> None:
    bob.get("/audit/")
    with queries() as seen:
        bob.get("/audit/")
    assert len(seen) <= 10, len(seen)  # one of them whether the session goes on
