"""No value in any address or field of a page is answered with a failure of ours. Every route of the pages is asked,
a new one by itself: its parameters are those that its view reads, and the names in its own forms and links."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern, URLResolver

from evaluation.models import Assessment
from organisations.domain.lifecycle import Step
from organisations.domain.vocabulary import ChangeKind
from organisations.models import Change, WaitingLoad
from organisations.services.proposals import decide, propose
from organisations.services.waiting_loads import submit
from organisations.specs.change import ProposedMerger, proposed
from organisations.specs.document import SCHEMA
from pcorg.core.accounts.roles import Role, actor_of
from pcorg.core.audit import memory
from pcorg.core.jobs.actions import enqueue
from pcorg.core.policies import Actor
from pcorg.urls import pages
from tests.functional.api.bulk_records import judged, records
from tests.functional.api.office import NEWCASTLE
from tests.functional.pages.test_load import SOUND, faulty
from tests.nasty import FEW, NO_TEXT, VALUES

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.exhaustive]

CONVERTER = re.compile(r"<(\w+):(\w+)>")
GENERAL = {"str": "X-KPCT1", "slug": "pct-4", "int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}
"""What stands in an address for each kind of part, where its route takes nothing of its own."""
TRIED = VALUES if connection.vendor == "sqlite" else FEW
"""Values that are tried: on the second database those that a database may take amiss."""
OF_ALL = ("as_of", "portfolio")
"""Parameters that every page reads in the same way: hostile values of them are tried on few pages."""
DAYS = ("1900-01-01", "2000-06-01", "2009-06-01", "2200-01-01")
"""Days that every page takes, the first and the last among them."""
ADDS = ("add", "remove")
GONE = 410
FILES = {"refused": faulty(2), "sound": SOUND}
"""Files that are checked before the pages about them are read."""


def own_parts(route: str, numbers: dict[str, Any]) -> list[dict[str, str]]:
    """What stands in the address of a route in place of the general values; several where its pages differ."""
    if route.startswith("changes/propose/<"):
        return [{"kind": kind.value} for kind in ChangeKind]
    if route.startswith("changes/<"):
        return [{"number": str(numbers[name]), "name": "approve"} for name in ("recorded", "proposed", "approved")]
    if route.startswith("assessments/<"):
        return [{"number": str(numbers[name]), "name": "copy"} for name in ("assessment", "open")]
    if route.startswith("load/<"):
        return [{"key": str(numbers[name])} for name in ("refused", "sound")]
    for head, part in (
        ("contracts/", {"code": "X-KC110"}),
        ("organisations/<str:code>/provider-arm/<", {"number": str(numbers["plan"])}),
        ("dispersals/<", {"number": str(numbers["dispersal"])}),
        ("jobs/<", {"number": str(numbers["job"])}),
        ("load/waiting/<", {"number": str(numbers["waiting"])}),
    ):
        if route.startswith(head):
            return [part]
    return [{}]


@pytest.fixture
def reader(db: None, client: Client) -> Client:
    """Somebody with every role, who sees every form."""
    user = User.objects.create_user("everybody")
    user.groups.set(Group.objects.filter(name__in=list(Role)))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.raise_request_exception = False
    return client


@pytest.fixture
def addresses(reader: Client) -> Callable[[str], list[str]]:
    """The addresses of a route, each leading to something that is there; the first to most of what it can show."""
    numbers: dict[str, Any] = dict(records())
    for name, content in FILES.items():
        sent = reader.post("/load/", {"file": SimpleUploadedFile("a.json", content)})
        numbers[name] = sent["Location"].strip("/").rpartition("/")[2]
    asker = User.objects.get(username="everybody")
    numbers["job"] = enqueue(kind="sensitivity", title="Sensitivity", inputs={"assessment": 1}, by=asker).pk
    numbers["waiting"] = waiting_load(actor_of(asker)).pk
    numbers["open"] = judged(Assessment.objects.get(slug="ostlebury-panel")).pk
    Assessment.objects.filter(pk=numbers["open"]).update(status="open")
    numbers["recorded"] = Change.objects.filter(recorded=True).values_list("pk", flat=True)[0]
    ann, bob = Actor("ann", commissions=True, approves=False), Actor("bob", commissions=True, approves=True)
    for name in ("proposed", "approved"):
        numbers[name] = propose(spec=proposed(ProposedMerger, NEWCASTLE).as_change(), by=ann).pk
    decide(change_id=numbers["approved"], step=Step.APPROVE, by=bob)
    memory.forget()

    def of(route: str) -> list[str]:
        return [f"/{filled(route, own)}" for own in own_parts(route, numbers)]

    return of


def waiting_load(by: Actor) -> WaitingLoad:
    """A file that waits for an approver: it gives a portfolio another title."""
    header = {"slug": "england-2006-2015", "title": "Another title", "illustrative": False}
    document = {"schema": SCHEMA, "portfolio": header | {"covers": {"from": "2006-10-01", "to": "2015-03-31"}}}
    made = submit(content=json.dumps(document).encode(), name="a.json", by=by)
    assert isinstance(made, WaitingLoad)
    return made


def quoted(values: list[str]) -> list[str]:
    """Values as they stand in an address, with bytes that are no text."""
    return [*(quote(value, safe="") for value in values), *NO_TEXT]


def filled(route: str, own: dict[str, str]) -> str:
    """A route with something in place of each of its parts."""
    return CONVERTER.sub(lambda found: own.get(found[2], GENERAL[found[1]]), route)


def route_of(pattern: URLPattern) -> str:
    return str(pattern.pattern)


def routed(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """The routes of pages, those of every app among them."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routed(pattern.url_patterns)
        else:
            yield pattern


ROUTES = [route for pattern in routed(pages) if (route := route_of(pattern)) != "sign-out/"]
SECTIONS = sorted({route.partition("/")[0] for route in ROUTES})
"""The first parts of addresses: the routes of one are tried in one test."""


def routes_of(section: str) -> list[str]:
    return [route for route in ROUTES if route.partition("/")[0] == section]


@contextmanager
def names_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names of the parameters that views ask for while the block runs."""
    names: set[str] = set()

    def noting(method: str) -> Callable[..., Any]:
        plain = getattr(QueryDict, method)

        def read(self: QueryDict, name: str, *more: Any) -> Any:
            names.add(name)
            return plain(self, name, *more)

        return read

    with monkeypatch.context() as patched:
        for method in ("get", "getlist", "__getitem__", "__contains__"):
            patched.setattr(QueryDict, method, noting(method))
        yield names


def parameters(path: str, page: BeautifulSoup) -> set[str]:
    """The names that the forms and links of a page put into its own address."""
    fields = page.select(f'form:not([method=post])[action="{path}"] [name]')
    links = [urlsplit(link["href"]) for link in page.select("a[href]")]
    asked = {name for link in links if link.path in {path, ""} for name, _ in parse_qsl(link.query)}
    return {field["name"] for field in fields} | asked


def clear(answer: Any) -> bool:
    """Whether an answer is no failure of ours and, where it refuses, says why in our own words."""
    if answer.status_code < 400 or answer.status_code in {405, 422}:
        return True
    page = BeautifulSoup(answer.content, "html.parser")
    return answer.status_code < 500 and page.select_one("main h1") is not None and "\x00" not in str(page)


def rounds(names: Iterable[str], values: list[str], times: int) -> Iterator[dict[str, str]]:
    """Something hostile under every name, so many times over; each name has another value each time."""
    known = sorted(names)
    for number in range(times):
        yield {name: values[(number + place) % len(values)] for place, name in enumerate(known)}


def queries_of(names: set[str], tried: set[str]) -> Iterator[str]:
    """What is asked of a page: hostile values of all of its parameters at once, until each has had every value; and of
    each parameter alone, one of them or, where no page before had one of its name, which `tried` notes, the worst."""
    values = quoted(TRIED)
    turn = itertools.cycle(values)
    for each in rounds(names, values, len(values)):
        yield "&".join(f"{quote(name)}={value}" for name, value in each.items())
    for name in sorted(names):
        yield from (f"{quote(name)}={value}" for value in ([next(turn)] if name in tried else quoted(FEW)))
    tried |= names


@pytest.mark.parametrize("section", SECTIONS)
def test_no_parameter_fails_a_page(
    section: str,
    reader: Client,
    addresses: Callable[[str], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    subtests: pytest.Subtests,
) -> None:
    tried = set[str]()
    for route in routes_of(section):
        path = next((path for path in addresses(route) if reader.get(path).status_code != 404), "nowhere")
        with subtests.test(route=route):
            with names_read(monkeypatch) as names:
                plain = reader.get(path)
            assert plain.status_code in {200, 302, 405, GONE}
            if plain.status_code in {405, GONE}:
                continue
            names |= parameters(path, BeautifulSoup(plain.getvalue(), "html.parser"))
            names -= {"csrfmiddlewaretoken"} | (set() if route in {"", "glossary/"} else set(OF_ALL))
            asked = [*queries_of(names, tried), *(f"as_of={day}" for day in DAYS), "portfolio=all"]
            asked.append("as_of=%00&portfolio=%00")
            assert [query for query in asked if not clear(reader.get(f"{path}?{query}"))] == []


def test_no_key_fails_a_page(reader: Client, subtests: pytest.Subtests) -> None:
    for route in ROUTES:
        for _, part in CONVERTER.findall(route):
            paths = [f"/{filled(route, {part: value})}" for value in quoted(TRIED)[1:]]
            with subtests.test(route=route, part=part):
                assert [path for path in paths if not clear(reader.get(path))] == []
                assert [path for path in paths[: len(FEW)] if not clear(reader.post(path))] == []


def sent_as_it_stands(form: Tag) -> dict[str, str]:
    """What a browser would send of a form that nobody touched."""
    sent: dict[str, str] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        kind = field.get("type", "text")
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            sent[field["name"]] = chosen.get("value", "") if chosen else ""
        elif field.name == "textarea":
            sent[field["name"]] = field.get_text()
        elif kind != "file" and (kind not in {"radio", "checkbox"} or field.has_attr("checked")):
            sent[field["name"]] = field.get("value", "")
    return sent


def buttons_of(form: Tag) -> list[dict[str, str]]:
    """What each button of a form adds to what is sent."""
    found = form.select("button:not([type=button])")
    named = [{button["name"]: button.get("value", "")} if button.get("name") else {} for button in found]
    return [each for place, each in enumerate(named) if each not in named[:place]]


def sent_to(reader: Client, action: str, sent: dict[str, str]) -> Any:
    """The answer to a form, after which everything is as it was."""
    with transaction.atomic():
        answer = reader.post(action, urlencode(sent), "application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    if answer.status_code < 400:
        memory.forget()
    return answer


def submissions(form: Tag, seen: set[str]) -> Iterator[dict[str, str]]:
    """What is sent of a form: as it stands with each of its buttons; hostile values in all of its fields at once, until
    each field has had every value or, where another form before had all of them, the fewest; and one of the values in
    each field alone that no other form has had. The fields are noted in `seen`."""
    sent, buttons = sent_as_it_stands(form), buttons_of(form)
    names = {re.sub(r"\d+", "#", name): name for name in sent if name != "csrfmiddlewaretoken"}
    deciding = itertools.cycle([button for button in buttons if not set(ADDS) & set(button)] or [{}])
    values = itertools.cycle(TRIED)
    yield from (sent | button for button in buttons)
    for each in rounds(names.values(), TRIED, len(FEW) if seen.issuperset(names) else len(TRIED)):
        yield sent | each | next(deciding)
    yield from (sent | {name: next(values)} | next(deciding) for kind, name in names.items() if kind not in seen)
    offered = {name for button in buttons for name in button if name in ADDS} - seen
    yield from (sent | {name: value} for name in offered for value in TRIED)
    seen |= {*names, *offered}


@pytest.mark.parametrize("section", SECTIONS)
def test_no_field_fails_a_form(
    section: str,
    reader: Client,
    addresses: Callable[[str], list[str]],
    subtests: pytest.Subtests,
) -> None:
    tried, seen = set[str](), set[str]()
    for path in (path for route in routes_of(section) for path in addresses(route)):
        plain = reader.get(path)
        assert plain.status_code in {200, 302, 404, 405, GONE}, path
        page = BeautifulSoup(plain.getvalue(), "html.parser")
        for form in page.select("main form[method=post]"):
            action = form["action"]
            shape = re.sub(r"\d+", "#", f"{action} {sorted(sent_as_it_stands(form))}")
            if shape in tried:
                continue
            tried.add(shape)
            with subtests.test(path=path, action=action):
                failed = [each for each in submissions(form, seen) if not clear(sent_to(reader, action, each))]
                assert failed == []
