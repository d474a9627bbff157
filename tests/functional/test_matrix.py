"""Who may do what: every address that the resolver knows, by every method that it takes, for every kind of person.

A row says what becomes of the request of each: a stranger, somebody signed in without a role, another commissioner, the
owner of the change, a collaborator, an approver, an approver who wrote a part of the change, a data administrator.
`in` is a redirect to the sign-in page, `ok` any answer that does not refuse the person; a number is the status. A new
address without a row fails with its name.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from commissioning.models import ArmPlan
from evaluation.models import Assessment
from organisations.api.change_examples import MERGER, SPLIT, TRANSITION
from organisations.domain.lifecycle import Step
from organisations.models import Change
from organisations.services.amendments import amend, name_collaborators
from organisations.services.proposals import decide, propose
from pcorg.core.accounts.roles import Role, actor_of

pytestmark = pytest.mark.django_db

PEOPLE = ("stranger", "nobody", "other", "owner", "collaborator", "approver", "author", "administrator")
ROLES = {
    "nobody": (),
    "other": (Role.COMMISSIONER,),
    "owner": (Role.COMMISSIONER,),
    "collaborator": (Role.COMMISSIONER,),
    "approver": (Role.APPROVER,),
    "author": (Role.APPROVER,),
    "administrator": (Role.DATA_ADMINISTRATOR,),
}

ANYBODY = "ok ok ok ok ok ok ok ok"
COMMISSIONERS = "401 403 ok ok ok ok ok 403"
APPROVERS = "401 403 403 403 403 ok ok 403"
ADMINISTRATORS = "401 403 403 403 403 403 403 ok"
AUDITORS = "401 403 403 403 403 ok ok ok"
ITS_PEOPLE = "401 403 403 ok ok 403 ok 403"
NONE_WHO_WROTE = "401 403 403 403 403 ok 403 403"
ANYBODY_SIGNED_IN = "401 ok ok ok ok ok ok ok"
ITS_OWNER = "401 403 403 ok 403 403 403 403"
READERS_OF_A_DRAFT = "404 404 404 ok ok 404 ok 404"
ITS_PEOPLE_OF_A_DRAFT = "401 403 404 ok ok 404 ok 403"

CHANGES = {
    ("list", "GET"): ANYBODY,
    ("list", "POST"): COMMISSIONERS,
    ("preview", "POST"): ANYBODY,
    ("detail", "GET"): READERS_OF_A_DRAFT,
    ("comments", "GET"): READERS_OF_A_DRAFT,
    ("preview-now", "GET"): READERS_OF_A_DRAFT,
    ("detail", "PATCH"): ITS_PEOPLE,
    ("collaborators", "PUT"): ITS_OWNER,
    ("comments", "POST"): COMMISSIONERS,
    ("propose", "POST"): ITS_PEOPLE_OF_A_DRAFT,
    ("consult", "POST"): "401 403 403 ok ok ok ok 403",
    ("withdraw", "POST"): ITS_PEOPLE,
    ("approve", "POST"): NONE_WHO_WROTE,
    ("effect", "POST"): NONE_WHO_WROTE,
    ("reject", "POST"): NONE_WHO_WROTE,
}
"""What each person meets at the addresses of changes, transitions and mergers: a draft is read and put forward, an
approved change is carried out, all else is done to a proposal."""

WRITES = {
    ("organisation-resolve", "POST"): ANYBODY,
    ("portfolio-list", "POST"): ADMINISTRATORS,
    ("portfolio-validate", "POST"): ADMINISTRATORS,
    ("portfolio-group-choose", "POST"): COMMISSIONERS,
    ("recommendation-answer-list", "POST"): COMMISSIONERS,
    ("arm-plan-list", "POST"): COMMISSIONERS,
    ("arm-plan-preview", "POST"): ANYBODY,
    ("arm-plan-detail", "PUT"): COMMISSIONERS,
    ("arm-plan-discard", "POST"): COMMISSIONERS,
    ("arm-plan-propose", "POST"): COMMISSIONERS,
    ("arm-plan-collaborators", "PUT"): COMMISSIONERS,
    ("assessment-list", "POST"): COMMISSIONERS,
    ("assessment-detail", "PATCH"): COMMISSIONERS,
    ("assessment-approve", "POST"): APPROVERS,
    ("assessment-choose", "POST"): APPROVERS,
    ("assessment-close", "POST"): COMMISSIONERS,
    ("assessment-collaborators", "PUT"): COMMISSIONERS,
    ("assessment-comments", "POST"): COMMISSIONERS,
    ("assessment-copy", "POST"): COMMISSIONERS,
    ("assessment-judgements", "PUT"): COMMISSIONERS,
    ("assessment-measures", "POST"): COMMISSIONERS,
    ("assessment-open", "POST"): COMMISSIONERS,
    ("assessment-reading", "POST"): COMMISSIONERS,
    ("assessment-try-out", "POST"): ANYBODY,
    ("dispersal-list", "POST"): COMMISSIONERS,
    ("dispersal-collaborators", "PUT"): COMMISSIONERS,
    ("integration-profile-list", "POST"): COMMISSIONERS,
    ("job-cancel", "POST"): ANYBODY_SIGNED_IN,
    ("waiting-load-confirm", "POST"): APPROVERS,
    ("waiting-load-refuse", "POST"): APPROVERS,
    ("waiting-load-withdraw", "POST"): ADMINISTRATORS,
}
"""Other writes by the API, and reads that come by POST."""

GUARDED = {
    ("audit-list", "GET"): AUDITORS,
    ("job-list", "GET"): ANYBODY_SIGNED_IN,
    ("job-detail", "GET"): ANYBODY_SIGNED_IN,
    ("waiting-load-list", "GET"): AUDITORS,
    ("waiting-load-detail", "GET"): AUDITORS,
}
"""Reads by the API that are not everybody's."""

OWNED = ("arm-plan", "assessment", "dispersal")
"""What belongs to somebody beside changes, by the names of its addresses."""

NAMES = """
root schema problem-list problem organisation-list organisation-detail organisation-lineage organisation-timeline
configuration-list configuration-compare configuration-series form-list form-detail transition-rule-list check-list
portfolio-list portfolio-json-schema portfolio-template portfolio-detail portfolio-loads source-list source-detail
glossary-list provision-list provision-detail contract-list contract-detail budget-list budget-detail
pooled-budget-list pooled-budget-detail pms-pilot-list pms-pilot-detail provider-arm-list provider-arm-detail
portfolio-group-list portfolio-group-detail staffing-list staffing-detail premises-list premises-detail
recommendation-answer-list recommendation-answer-detail arm-plan-list arm-plan-detail benchmark-list
service-group-list service-group-detail service-list service-detail staff-group-list staff-group-detail
contract-type-list contract-type-detail approach-list approach-detail recommendation-list recommendation-detail
provider-arm-option-list provider-arm-option-detail framework-list framework-detail criterion-list criterion-detail
integration-option-list integration-option-detail evidence-list mitigation-list mitigation-detail assessment-list
assessment-detail assessment-judgements assessment-measures assessment-results assessment-sensitivity
assessment-comments dispersal-list dispersal-detail integration-profile-list
"""
OPEN = frozenset(NAMES.split())
"""What everybody reads by the API."""

ROWS = {
    **GUARDED,
    **{(name, "GET"): ANYBODY for name in OPEN},
    **WRITES,
    **{
        (f"{kind}-{name}", method): row
        for kind in ("change", "transition", "merger")
        for (name, method), row in CHANGES.items()
    },
}

SIGNED_IN = "in ok ok ok ok ok ok ok"
BY_COMMISSIONERS = "in 403 ok ok ok ok ok 403"
BY_ADMINISTRATORS = "403 403 403 403 403 403 403 ok"
BY_ITS_PEOPLE = "in 403 403 ok ok 403 ok 403"
BY_ITS_OWNER = "in 403 403 ok 403 403 403 403"
BY_NONE_WHO_WROTE = "in 403 403 403 403 ok 409 403"

PAGES = {
    "sign-in": ANYBODY,
    "sign-in-code": "in in in in in in in in",  # follows upon a password that was right, and else begins there
    "sign-out": ANYBODY,
    "recover": ANYBODY,
    "recover-password": ANYBODY,
    "email": SIGNED_IN,
    "password": SIGNED_IN,
    "session-end": SIGNED_IN,
    "second-factor-begin": SIGNED_IN,
    "second-factor-confirm": SIGNED_IN,
    "second-factor-off": SIGNED_IN,
    "recovery-codes": SIGNED_IN,
    "token-create": SIGNED_IN,
    "token-revoke": SIGNED_IN,
    "portfolio-answer": BY_COMMISSIONERS,
    "integration-profile": BY_COMMISSIONERS,
    "arm-planner": ANYBODY,
    "arm-plan-propose": BY_COMMISSIONERS,
    "arm-plan-discard": BY_COMMISSIONERS,
    "arm-plan-collaborators": BY_ITS_OWNER,
    "propose-kind": BY_COMMISSIONERS,
    "change-comment": BY_COMMISSIONERS,
    "change-add": BY_ITS_PEOPLE,
    "change-collaborators": BY_ITS_OWNER,
    "change-step:propose": "in 404 404 ok ok 404 ok 404",
    "change-step:consult": "in 403 403 ok ok ok ok 403",
    "change-step:withdraw": BY_ITS_PEOPLE,
    "change-step:approve": BY_NONE_WHO_WROTE,
    "change-step:effect": BY_NONE_WHO_WROTE,
    "change-step:reject": BY_NONE_WHO_WROTE,
    "dispersal-new": BY_COMMISSIONERS,
    "dispersal-plan": BY_ITS_PEOPLE,
    "dispersal-collaborators": BY_ITS_OWNER,
    "assessment-new": BY_COMMISSIONERS,
    "assessment-edit": BY_COMMISSIONERS,
    "assessment-terms": BY_COMMISSIONERS,
    "assessment-judge": BY_COMMISSIONERS,
    "assessment-following": BY_COMMISSIONERS,
    "assessment-step": BY_ITS_PEOPLE,
    "assessment-comment": BY_COMMISSIONERS,
    "assessment-collaborators": BY_ITS_OWNER,
    "job-cancel": SIGNED_IN,  # to the rest a job of somebody else is not there
    "waiting-load": "403 403 403 403 403 ok ok ok",
    "load": BY_ADMINISTRATORS,
    "load-file": BY_ADMINISTRATORS,
    "load-discard": BY_ADMINISTRATORS,
}
"""Pages that write, by the name of their route; a step of a change is named behind it."""

OF_THE_OWNER = frozenset(
    {
        "arm-plan-collaborators",
        "assessment-collaborators",
        "assessment-comment",
        "assessment-step",
        "dispersal-collaborators",
        "dispersal-plan",
    }
)
"""Those of them that are pressed for something that belongs to the owner."""


# --- what is there --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    """An address: its name, with the namespace left off, the names of its parts, and what answers it."""

    name: str
    parts: tuple[str, ...]
    view: Any
    api: bool

    def path(self, **given: Any) -> str:
        """The address, with made-up parts where none are given."""
        made_up = {"number": 999_999, "key": uuid.UUID(int=7), "kind": "merger", "code": "X-KPCT1", "id": "999999"}
        parts = {part: {**made_up, **given}.get(part, "nothing") for part in self.parts}
        return reverse(f"api:{self.name}" if self.api else self.name, kwargs=parts)


def routes(found: URLResolver | None = None, space: str = "") -> Iterator[Route]:
    """Every address but those of the admin, which Django keeps by its own permissions."""
    for each in (found or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            if each.namespace != "admin":
                yield from routes(each, each.namespace or space)
        elif isinstance(each, URLPattern):
            yield Route(each.name or "", tuple(each.pattern.converters), each.callback, space == "api")


def of_the_api() -> list[tuple[Route, str]]:
    """Every address of the API with each method it takes."""
    return [
        (route, method.upper())
        for route in routes()
        if route.api and hasattr(route.view, "actions")
        for method in route.view.actions
        if method != "head"
    ]


@dataclass
class Town:
    """The people, as they reach the API and the pages, the changes they do things to, and the numbers of what else
    belongs to the owner."""

    users: dict[str, User]
    clients: dict[str, Client]
    changes: dict[str, dict[str, Change]]
    numbers: dict[str, int]


FORMS = ["community-interest-company", "provider-unit"]
MADE = {"change": SPLIT, "transition": TRANSITION, "merger": MERGER}


@pytest.fixture
def town(person: Callable[..., User], signed_in: Callable[[User], Client], client: Client) -> Town:
    """Of each kind of change a draft, a proposal and one that was approved, with their people."""
    users = {name: person(name, *roles) for name, roles in ROLES.items()}
    eve = actor_of(person("eve", Role.APPROVER))
    owner, author = actor_of(users["owner"]), actor_of(users["author"])
    made: dict[str, dict[str, Change]] = {}
    for kind in MADE:
        made[kind] = {}
        for state in ("draft", "proposed", "approved"):
            change = propose(spec=_asked(kind), by=owner, draft=state == "draft")
            name_collaborators(change_id=change.pk, names=["collaborator", "author"], by=owner)
            amend(change_id=change.pk, by=author, rationale="As the author has it.")
            if state == "approved":
                decide(change_id=change.pk, step=Step.APPROVE, by=eve)
            made[kind][state] = Change.objects.get(pk=change.pk)
    clients = {"stranger": client, **{name: signed_in(user) for name, user in users.items()}}
    return Town(users, clients, made, {kind: _made_by(clients["owner"], kind) for kind in OWNED})


def _made_by(owner: Client, kind: str) -> int:
    """The number of something that its owner made, and names two others to work on."""
    number = _made(owner, f"{kind}s", _asked_of(owner, kind))
    if kind == "assessment":
        _step(owner, "post", f"assessments/{number}", "open", {})
        cells = [{"option": FORMS[0], "criterion": "key-resources", "low": 3}]
        _step(owner, "put", f"assessments/{number}", "judgements", {"judgements": cells})
        _step(owner, "post", f"assessments/{number}", "close", {})
    _step(owner, "put", f"{kind}s/{number}", "collaborators", {"collaborators": ["collaborator", "author"]})
    return number


def _asked_of(owner: Client, kind: str) -> dict[str, Any]:
    group = {"kind": "group", "service_group": "rehabilitation"}
    judged = {"title": "Which form", "subject": "X-PCT2", "as_of": "2009-06-01", "scope": group, "options": FORMS}
    match kind:
        case "arm-plan":
            services = ["family-planning", "health-promotion"]
            groups = [{"title": "Wellbeing", "services": services, "coherence": "One aim.", "form": FORMS[1]}]
            told = {"title": "The coast", "rationale": "Why.", "start": "2009-10-01", "separation": "internal"}
            return {"organisation": "X-KPCT1", **told, "groups": groups}
        case "dispersal":
            return {
                "organisation": "X-PCT2",
                "title": "By group",
                "as_of": "2009-06-01",
                "parts": [{"assessment": _made_by(owner, "assessment")}],
            }
    return judged


def _made(owner: Client, path: str, body: dict[str, Any]) -> int:
    answer = owner.post(f"/api/v1/{path}/", json.dumps(body), "application/json")
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def _step(owner: Client, method: str, path: str, name: str, body: dict[str, Any]) -> None:
    seen = {"If-Match": owner.get(f"/api/v1/{path}/")["ETag"]}
    content = json.dumps(body).encode()
    answer = owner.generic(method.upper(), f"/api/v1/{path}/{name}/", content, "application/json", headers=seen)
    assert answer.status_code == 200, answer.content


def _asked(kind: str) -> Any:
    from organisations.api.change_views import ChangesViewSet, MergersViewSet, TransitionsViewSet

    view = {"change": ChangesViewSet, "transition": TransitionsViewSet, "merger": MergersViewSet}[kind]()
    return view.spec_from(MADE[kind])[0]


# --- the API --------------------------------------------------------------------------------------------------------


def test_every_address_of_the_api_has_a_row() -> None:
    there = {(route.name, method) for route, method in of_the_api()}
    assert there - ROWS.keys() == set(), "say who may do this"
    assert ROWS.keys() - there == set(), "these are gone"


@pytest.mark.exhaustive
def test_who_meets_what_at_changes_by_the_api(town: Town, subtests: pytest.Subtests) -> None:
    """With the version that was seen; what is done is undone for the next person."""
    for route, method in of_the_api():
        kind, _, name = route.name.partition("-")
        if kind not in MADE or (name, method) not in CHANGES:
            continue
        state = {"effect": "approved", "propose": "draft"}.get(name, "draft" if method == "GET" else "proposed")
        change = town.changes[kind][state]
        body = {
            "list": MADE[kind],
            "preview": MADE[kind],
            "comments": {"text": "Hm."},
            "collaborators": {"collaborators": ["other"]},
            "detail": {"rationale": "Anew."},
        }.get(name, {"comment": "So be it."})
        seen = {} if method == "GET" else {"If-Match": f'"{change.pk}.{change.version}"'}
        with subtests.test(f"{method} {route.name}"):
            met = [meets(asked(town, who, route.path(id=change.pk), method, body, seen)) for who in PEOPLE]
            assert dict(zip(PEOPLE, met, strict=True)) == expected(CHANGES[name, method])


@pytest.mark.exhaustive
def test_who_meets_what_elsewhere_in_the_api(town: Town, subtests: pytest.Subtests) -> None:
    """Roles are asked before anything is looked for, so that addresses of nothing will do."""
    for route, method in of_the_api():
        if route.name in OPEN and method == "GET":
            people: tuple[str, ...] = ("stranger",)
        elif (route.name, method) in {**WRITES, **GUARDED}:
            people = PEOPLE
        else:
            continue
        with subtests.test(f"{method} {route.name}"):
            met = {who: lets_in(asked(town, who, route.path(), method, {}, {})) for who in people}
            row = expected(ROWS[route.name, method])
            assert met == {who: row[who] for who in people}


def test_the_owner_alone_names_who_works_on_what_they_own(town: Town, subtests: pytest.Subtests) -> None:
    """With the version that each has seen; what is done is undone for the next person."""
    for kind, number in town.numbers.items():
        path, body = f"/api/v1/{kind}s/{number}/", {"collaborators": ["other"]}
        with subtests.test(kind):
            met = {}
            for who in PEOPLE:
                seen = {"If-Match": town.clients[who].get(path)["ETag"]}
                met[who] = meets(asked(town, who, f"{path}collaborators/", "PUT", body, seen))
            assert met == expected(ITS_OWNER)


# --- the pages ------------------------------------------------------------------------------------------------------


def writing_pages(*readers: Client) -> Iterator[Route]:
    """The pages that take a form: those that say so when asked by a method they do not take."""
    for route in routes():
        if not route.api and route.name:
            answers = [reader.generic("PATCH", route.path()) for reader in readers]
            allowed = {answer["Allow"] for answer in answers if answer.status_code == 405}
            assert allowed, f"{route.name} takes any method"
            if "POST" in allowed.pop():
                yield route


def test_every_page_that_writes_has_a_row(town: Town, settings: Any) -> None:
    settings.METRICS_TOKEN = "so that there are figures"
    there = {route.name for route in writing_pages(town.clients["stranger"], town.clients["administrator"])}
    told = {name.partition(":")[0] for name in PAGES}
    assert there - told == set(), "say who may do this"
    assert told - there == set(), "these are gone"


@pytest.mark.exhaustive
def test_who_meets_what_on_pages(town: Town, subtests: pytest.Subtests) -> None:
    by_name = {route.name: route for route in routes() if not route.api}
    changes = town.changes["merger"]
    for row, told in PAGES.items():
        name, _, step = row.partition(":")
        change = changes[{"effect": "approved", "propose": "draft"}.get(step, "proposed")]
        form = {"version": change.version, "comment": "Hm.", "collaborators": "other"}
        form |= {f"{step}-comment": "So be it.", "part": "evidence", "evidence-relations": "Good."}
        of_a_change = name.startswith("change-")
        if name in OF_THE_OWNER:
            number = town.numbers[name.rpartition("-")[0]]
            given: dict[str, Any] = {"collaborators": "other", "comment": "Hm."}
            if name.startswith("arm-plan-"):
                given["version"] = ArmPlan.objects.get(pk=number).version
        else:
            number = change.pk if of_a_change else shipped(name)
            given = form if of_a_change else {}
        path = by_name[name].path(number=number, name=step or "open")
        with subtests.test(row):
            met = {}
            for who in PEOPLE:
                answer = posted(town, who, path, given)
                met[who] = meets(answer) if of_a_change else lets_in(answer)
            assert met == expected(told)


# --- asking ---------------------------------------------------------------------------------------------------------


def expected(row: str) -> dict[str, str]:
    """What a row says of each person."""
    return dict(zip(PEOPLE, row.split(), strict=True))


def shipped(name: str) -> int:
    """The number of something that is there, for pages that look for it before they ask who is asking."""
    if name.startswith("assessment-"):
        return (
            Assessment.objects.filter(reference=False).exclude(slug="").order_by("pk").values_list("pk", flat=True)[0]
        )
    return 999_999


def asked(town: Town, who: str, path: str, method: str, body: Any, headers: dict[str, str]) -> Any:
    """An answer of the API; what it wrote is undone."""
    content = b"" if method == "GET" else json.dumps(body).encode()
    with transaction.atomic():
        answer = town.clients[who].generic(method, path, content, "application/json", headers=headers)
        transaction.set_rollback(True)
    return answer


def posted(town: Town, who: str, path: str, form: dict[str, Any]) -> Any:
    """The answer to a form; what it wrote is undone, and who was signed in stays so."""
    client = town.clients[who]
    signed_in = copy(client.cookies)
    with transaction.atomic():
        answer = client.post(path, form)
        transaction.set_rollback(True)
    client.cookies = signed_in
    return answer


def meets(answer: Any) -> str:
    """What became of a request, in the words of the rows."""
    refusals = {401, 403, 404, 409, 412, 428}
    return str(answer.status_code) if answer.status_code in refusals else lets_in(answer)


def lets_in(answer: Any) -> str:
    """The same where only the person matters, not what is there."""
    if answer.status_code in {301, 302} and answer["Location"].startswith("/sign-in/"):
        return "in"
    return str(answer.status_code) if answer.status_code in {401, 403} else "ok"
