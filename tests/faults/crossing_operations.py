"""What the processes of the tests of crossing writers do, each against the database of DATABASE_URL. Words and answers:

prepare              → two rival changes: one approved, one proposed; both want the same group
cross HOW ONE OTHER  → what became of each deed of many done at once to both
blocked CHANGE       → what an action, the API, a page and a page that knows nothing of it say while another writer is
                       in the way
deadlocked CHANGE CHANGE → what became of two transactions that lock the two changes in opposite order
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults import operations

TRUST = "X-KPCT1"
RECOMMENDATION = {"organisation": TRUST, "state": "under-way", "evidence": "", "answered_on": "2009-04-01"}


def people() -> tuple[Any, Any]:
    """A commissioner and an approver, who are users."""
    from django.contrib.auth.models import Group, User

    from pcorg.core.accounts.roles import actor_of

    found = []
    for name, role in (("ann", "commissioner"), ("bob", "approver")):
        user, _ = User.objects.get_or_create(username=name)
        user.groups.set(Group.objects.filter(name=role))
        found.append(actor_of(user))
    return found[0], found[1]


def prepare() -> list[int]:
    """Two rival changes of ann's about groups that nobody has merged yet, the first of them approved."""
    from organisations.domain.lifecycle import Step
    from organisations.services.proposals import decide

    ann, bob = people()
    first, shared, last = _groups()
    made = [_propose(ann, originals).pk for originals in ([first, shared], [shared, last])]
    decide(change_id=made[0], step=Step.APPROVE, by=bob)
    return made


def _groups() -> list[str]:
    from organisations.models import Organisation

    alive = Organisation.objects.filter(form_periods__form="clinical-commissioning-group", closed=None)
    return list(alive.filter(opened__lt="2015-03-01").order_by("code").values_list("code", flat=True)[:3])


def _propose(by: Any, originals: list[str]) -> Any:
    from organisations.services.proposals import propose
    from organisations.specs.change import ProposedMerger, proposed

    code = f"9{''.join(originals)}"
    group = {"code": code, "name": f"Group {code}", "form": "clinical-commissioning-group"}
    facts = {"originals": originals, "resulting": group, "effective_on": "2015-03-01"}
    return propose(spec=proposed(ProposedMerger, facts).as_change(), by=by)


def cross(how: str, one: int, other: int) -> list[str]:
    """Everything that writers do, at once, to two changes that want the same body."""
    return operations.at_once(
        how,
        (do, ("effect", one)),
        (do, ("amend", other)),
        (do, ("amend", one)),
        (do, ("consult", other)),
        (do, ("collaborators", other)),
        (do, ("propose", one)),
        (do, ("comment", one)),
        (do, ("answer", other)),
    )


def do(operation: str, change: int) -> str:
    """One deed, and what became of it."""
    from django.db import connections

    from pcorg.core.refusals import Refusal, Unacceptable

    ann, bob = people()
    try:
        _operation(operation, change, ann, bob)
    except Unacceptable as refused:
        return refused.problems[0].code
    except Refusal as refused:
        return refused.code
    finally:
        connections.close_all()
    return "done"


def _operation(operation: str, change: int, ann: Any, bob: Any) -> None:
    from commissioning.domain.vocabulary import AnswerState
    from commissioning.models import Recommendation, RecommendationAnswer
    from commissioning.services.portfolio import answer_recommendation
    from organisations.domain.lifecycle import Step
    from organisations.services.amendments import ConsultationNews, amend, name_collaborators
    from organisations.services.proposals import comment_on, decide
    from pcorg.core.values import day_typed

    acts: dict[str, Callable[[], Any]] = {
        "effect": lambda: decide(change_id=change, step=Step.EFFECT, by=bob),
        "consult": lambda: decide(change_id=change, step=Step.CONSULT, by=bob),
        "amend": lambda: amend(change_id=change, by=ann, rationale="x", consultation=ConsultationNews(summary="y")),
        "collaborators": lambda: name_collaborators(change_id=change, names=["bob"], by=ann),
        "propose": lambda: _propose(ann, _groups()[:2]),
        "comment": lambda: comment_on(change_id=change, by=bob, text="z"),
        "answer": lambda: answer_recommendation(
            organisation=TRUST,
            recommendation=Recommendation.objects.order_by("pk")[RecommendationAnswer.objects.count() % 5].pk,
            state=AnswerState.UNDER_WAY,
            evidence="",
            answered_on=day_typed("2009-04-01"),
            by=ann,
        ),
    }
    acts[operation]()


@contextmanager
def in_the_way() -> Iterator[None]:
    """Another writer, who holds what every writer needs, until the block ends; this one waits a moment only."""
    import sqlite3

    from django.db import connection

    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        impatience = "PRAGMA busy_timeout = 50"
    else:
        other = connection.get_new_connection(connection.get_connection_params())
        other.cursor().execute("SELECT * FROM audit_audithead FOR UPDATE")
        impatience = "SET lock_timeout = 50"
    with connection.cursor() as cursor:
        cursor.execute(impatience)
    try:
        yield
    finally:
        other.rollback()
        other.close()


def blocked(change: int) -> dict[str, Any]:
    """What is said while another writer is in the way."""
    from django.contrib.auth.models import User
    from django.test import Client
    from rest_framework.test import APIClient

    from commissioning.models import Recommendation
    from organisations.services.proposals import comment_on
    from pcorg.core.refusals import Refusal

    _, bob = people()
    user = User.objects.get(pk=bob.id)
    program, browser = APIClient(), Client()
    program.force_authenticate(user)
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = RECOMMENDATION | {"recommendation": Recommendation.objects.order_by("-pk")[0].pk}
    said: dict[str, Any] = {}
    with in_the_way():
        try:
            comment_on(change_id=change, by=bob, text="x")
        except Refusal as refused:
            said["action"] = refused.code
        sent = {
            "step": program.post(f"/api/v1/changes/{change}/comments/", {"text": "x"}, format="json"),
            "api": program.post("/api/v1/recommendation-answers/", answer, format="json"),
            "page": browser.post(f"/changes/{change}/comment/", {"comment": "Kept words"}),
            "root": browser.post(f"/organisations/{TRUST}/portfolio/answer/", answer),
        }
    for name, response in sent.items():
        said[name] = [response.status_code, response.content.decode()]
    return said


def deadlocked(one: int, other: int) -> list[str]:
    """Two transactions that lock two changes in opposite order; PostgreSQL ends one of them."""
    from django.db import connections

    from organisations.services.proposal_writes import locked
    from pcorg.core.refusals import Refusal
    from pcorg.core.writes import one_write

    _, bob = people()
    both = threading.Barrier(2)
    ended: dict[int, str] = {}

    def run(first: int, then: int) -> None:
        try:
            with one_write():
                locked(first, bob, None)
                both.wait()
                locked(then, bob, None)
            ended[first] = "done"
        except Refusal as refused:
            ended[first] = refused.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ended.values())


def carry_out(operation: str, *words: str) -> Any:
    """Do what the words say and give its answer."""
    answers: dict[str, Callable[[], Any]] = {
        "prepare": prepare,
        "cross": lambda: cross(words[0], int(words[1]), int(words[2])),
        "blocked": lambda: blocked(int(words[0])),
        "deadlocked": lambda: deadlocked(int(words[0]), int(words[1])),
    }
    return answers[operation]()
