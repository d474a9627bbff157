"""Sends one portfolio file several times at once, against the database of DATABASE_URL. Words and answers:

first HOW TIMES → of a portfolio that is not there yet: statuses, details of refusals, what is there now
later HOW TIMES → of one that is there, which the file adds to: the same
"""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
import time
from typing import Any

KNOWN = {"basis": "illustrative", "source": "pcorg-illustration"}


def document(slug: str, more: int = 0) -> dict[str, Any]:
    """A small portfolio of its own."""
    bodies = [
        {"code": f"X-{slug.upper()}-{number}", "name": f"Group {number}", "form": "pcg-1", **KNOWN}
        for number in range(20 + more)
    ]
    header = {"slug": slug, "title": "A race", "illustrative": True}
    covers = {"from": "1999-04-01", "to": "2010-03-31"}
    return {"schema": "pcorg-portfolio/1", "portfolio": {**header, "covers": covers}, "bodies": bodies}


def client(of: str) -> Any:
    """The API as the data administrator of a race reaches it: only a few files of one person wait at a time."""
    from django.contrib.auth.models import Group, User
    from rest_framework.test import APIClient

    user, _ = User.objects.get_or_create(username=f"dora-{of}")
    user.groups.set(Group.objects.filter(name="data-administrator"))
    made = APIClient()
    made.force_authenticate(user)
    return made


def send(content: str, start: Any, answers: Any) -> None:
    """One of the senders: waits for the others, then posts."""
    from django.db import connection

    sender = client(json.loads(content)["portfolio"]["slug"])
    start.wait()
    response = sender.generic("POST", "/api/v1/portfolios/", content, content_type="application/json")
    answers.append((response.status_code, response.json().get("detail", "")))
    connection.close()


def race(how: str, times: int, content: str) -> list[tuple[int, str]]:
    """Everybody sends the same."""
    from django.db import connection

    client(json.loads(content)["portfolio"]["slug"])
    connection.close()
    if how == "threads":
        answers: Any = []
        start: Any = threading.Barrier(times)
        runners: list[Any] = [threading.Thread(target=send, args=(content, start, answers)) for _ in range(times)]
    else:
        context = multiprocessing.get_context("fork")
        manager = context.Manager()
        answers, start = manager.list(), manager.Barrier(times)
        runners = [context.Process(target=send, args=(content, start, answers)) for _ in range(times)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return sorted(answers)


def carry_out(which: str, how: str, times: str) -> dict[str, Any]:
    """Do what the words say and give its answer."""
    from organisations.models import Organisation, PortfolioLoad, WaitingLoad

    slug = f"race-{os.getpid()}-{time.monotonic_ns()}"
    if which == "later":
        first = client(slug).generic(
            "POST", "/api/v1/portfolios/", json.dumps(document(slug)), content_type="application/json"
        )
        assert first.status_code == 201, first.content
    answers = race(how, int(times), json.dumps(document(slug, more=1 if which == "later" else 0)))
    return {
        "statuses": [status for status, _ in answers],
        "details": [detail for status, detail in answers if status >= 400],
        "bodies": Organisation.objects.filter(portfolio=slug).count(),
        "loads": PortfolioLoad.objects.filter(portfolio=slug).count(),
        "waiting": WaitingLoad.objects.filter(portfolio=slug).count(),
    }
