"""Where somebody is signed in: listed, ended by hand and by the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from pcorg.core.accounts import locks, sessions
from pcorg.core.accounts.locks import browser_of, counted_address
from pcorg.core.accounts.models import SignIn
from pcorg.core.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1"
CHROME = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36"


def signed_in_from(address: str, agent: str, name: str = "a-commissioner") -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    answer = client.post(reverse("sign-in"), {"username": name, "password": "correct horse battery"})
    assert answer.status_code == 302
    return client


def listed(client: Client) -> list[Tag]:
    page = BeautifulSoup(client.get(reverse("account")).content, "html.parser")
    return page.select("#session-list tbody tr")


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def aged(client: Client, *, seen: timedelta = timedelta(0), began: timedelta = timedelta(0)) -> None:
    held = SignIn.objects.get(pk=client.session.session_key)
    SignIn.objects.filter(pk=held.pk).update(seen=held.seen - seen, began=held.began - began)


def test_sessions_are_listed_in_plain_words(commissioner: User) -> None:
    here = signed_in_from("192.0.2.1", FIREFOX)
    signed_in_from("198.51.100.7", IPHONE)

    rows = [row.get_text(" ", strip=True) for row in listed(here)]

    assert len(rows) == 2
    (own,) = [row for row in rows if "This one" in row]
    (other,) = [row for row in rows if "This one" not in row]
    assert "Firefox on Windows" in own
    assert "192.0.2.1" in own
    assert "Safari on an iPhone" in other
    assert "198.51.100.7" in other


def test_one_is_ended_and_the_others_go_on(commissioner: User) -> None:
    here, there, third = (signed_in_from(f"192.0.2.{place}", FIREFOX) for place in range(1, 4))
    (row,) = [row for row in listed(here) if "192.0.2.2" in row.get_text()]
    form = {field["name"]: field["value"] for field in row.select("input") if field["name"] != "csrfmiddlewaretoken"}

    response = here.post(row.form["action"], form, follow=True)

    assert "You are signed out there." in response.content.decode()
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, True)
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.actor, entry.action, entry.subject) == ("a-commissioner", "end-sessions", "a-commissioner")


def test_all_others_are_ended(commissioner: User) -> None:
    here, *others = (signed_in_from(f"192.0.2.{place}", FIREFOX) for place in range(1, 4))

    here.post(reverse("session-end"))

    assert is_in(here)
    assert not any(is_in(other) for other in others)


def test_nobody_ends_or_sees_another_s_session(commissioner: User, approver: User) -> None:
    own, other = signed_in_from("192.0.2.1", FIREFOX), signed_in_from("192.0.2.2", FIREFOX, "an-approver")
    began = SignIn.objects.get(user=approver).began.isoformat()

    for said in ({"began": began}, {}, {"began": "junk"}, {"began": "2020-01-01T00:00:00"}):
        own.post(reverse("session-end"), said)

    assert is_in(other)
    assert len(listed(own)) == 1


def test_signing_in_begins_a_session_with_a_key_of_its_own(commissioner: User) -> None:
    client = Client()
    session = client.session
    session["kept"] = "from before"
    session.save()
    before = session.session_key

    client.post(reverse("sign-in"), {"username": "a-commissioner", "password": "correct horse battery"})

    assert client.session.session_key != before
    assert not client.session.exists(before)


@pytest.mark.parametrize("page", ["email", "token-create", "second-factor-begin", "password"])
def test_giving_the_password_again_goes_on_under_a_new_key(commissioner: User, page: str) -> None:
    client = signed_in_from("192.0.2.1", FIREFOX)
    before = client.session.session_key
    sent = {"email": "ann@example.org", "name": "copy", "scope": "read", "days": "9"}
    new = {"new_password": "violet anchors sing at noon", "again": "violet anchors sing at noon"}

    client.post(reverse(page), {**sent, **new, "password": "wrong"})
    assert client.session.session_key == before
    client.post(reverse(page), {**sent, **new, "password": "correct horse battery"})

    assert client.session.session_key != before
    assert not client.session.exists(before)
    assert is_in(client)
    assert SignIn.objects.count() == 1


@pytest.mark.parametrize(
    ("seen", "began", "goes_on"),
    [
        (settings.SESSION_IDLE - timedelta(minutes=1), timedelta(0), True),
        (settings.SESSION_IDLE, timedelta(0), False),
        (timedelta(0), settings.SESSION_LONGEST - timedelta(minutes=1), True),
        (timedelta(0), settings.SESSION_LONGEST, False),
    ],
)
def test_the_clock_ends_sessions(commissioner: User, seen: timedelta, began: timedelta, goes_on: bool) -> None:
    client = signed_in_from("192.0.2.1", FIREFOX)
    aged(client, seen=seen, began=began)

    response = client.get("/", follow=True)

    assert ("Account of a-commissioner" in response.content.decode()) is goes_on
    assert ("You were signed out" in response.content.decode()) is not goes_on
    assert AuditEntry.objects.filter(action="session-ended").exists() is not goes_on


def test_the_clock_ends_them_for_the_api_too(commissioner: User) -> None:
    client = signed_in_from("192.0.2.1", FIREFOX)
    aged(client, seen=settings.SESSION_IDLE)

    assert client.post("/api/v1/changes/", {}, content_type="application/json").status_code == 401


def test_use_is_kept_to_the_minute_and_costs_one_query(commissioner: User, queries: Callable) -> None:
    client = signed_in_from("192.0.2.1", FIREFOX)
    aged(client, seen=timedelta(minutes=5))
    before = SignIn.objects.get().seen

    client.get("/accessibility/")
    with queries() as seen:
        client.get("/accessibility/")

    assert SignIn.objects.get().seen - before >= timedelta(minutes=5)
    assert len([query for query in seen if "accounts_signin" in query["sql"]]) == 1


def test_ended_sessions_are_not_listed(commissioner: User) -> None:
    here, there = signed_in_from("192.0.2.1", FIREFOX), signed_in_from("192.0.2.2", FIREFOX)
    aged(there, seen=settings.SESSION_IDLE)
    assert len(listed(here)) == 1

    here.post(reverse("sign-out"))
    assert not SignIn.objects.filter(address="192.0.2.1").exists()


def test_a_session_from_before_they_were_kept_goes_on(client: Client, commissioner: User) -> None:
    client.force_login(commissioner, backend="django.contrib.auth.backends.ModelBackend")
    assert not SignIn.objects.exists()

    assert is_in(client)

    assert SignIn.objects.get().user == commissioner


def test_reading_waits_for_no_writer_and_needs_no_disk_to_write_on() -> None:
    """A note that cannot be written is left out, and the database goes on as before."""

    def fail() -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO accounts_signin VALUES (NULL)")

    assert locks.write_unless_locked(fail) is False
    assert User.objects.count() >= 0
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox on Windows"),
        (EDGE, "Edge on Windows"),
        (IPHONE, "Safari on an iPhone"),
        (CHROME, "Chrome on a Mac"),
        ("curl/8.6.0", "An unknown browser"),
        ("<script>alert(1)</script>", "An unknown browser"),
        ("", "An unknown browser"),
    ],
)
def test_browsers_are_told_apart(agent: str, said: str) -> None:
    assert browser_of(RequestFactory().get("/", HTTP_USER_AGENT=agent)) == said


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("not an address", None),
        ("", None),
    ],
)
def test_a_line_counts_as_one_address(address: str, counted: str | None) -> None:
    assert counted_address(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


def test_open_sessions_know_the_clock(commissioner: User) -> None:
    client = signed_in_from("192.0.2.1", FIREFOX)
    assert len(sessions.open_sessions(commissioner)) == 1

    SignIn.objects.update(began=timezone.now() - settings.SESSION_LONGEST)
    assert sessions.open_sessions(commissioner) == []
    assert not is_in(client)
