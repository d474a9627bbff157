"""Sends one write several times at once with one key, against the database of DATABASE_URL. Words and answers:

threads|processes TIMES → statuses, how many were kept answers, what is there now
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from typing import Any

PROPOSAL = {
    "originals": ["00F", "00G"],
    "resulting": {"code": "13T", "name": "Newcastle Gateshead", "form": "clinical-commissioning-group"},
    "effective_on": "2015-03-01",
}


def client() -> Any:
    """The API as a commissioner reaches it."""
    from django.contrib.auth.models import Group, User
    from rest_framework.test import APIClient

    user, _ = User.objects.get_or_create(username="ann")
    user.groups.set(Group.objects.filter(name="commissioner"))
    made = APIClient()
    made.force_authenticate(user)
    return made


def send(key: str, start: Any, answers: Any) -> None:
    """One of the senders: waits for the others, then posts."""
    from django.db import connection

    sender = client()
    start.wait()
    response = sender.post("/api/v1/mergers/", PROPOSAL, format="json", headers={"Idempotency-Key": key})
    answers.append((response.status_code, response.get("Idempotency-Replayed", ""), response.content.decode()))
    connection.close()


def race(how: str, times: int) -> dict[str, Any]:
    """Everybody sends the same."""
    from django.db import connection

    from organisations.models import Change

    client()
    before = Change.objects.count()
    connection.close()
    key = f"{how}-{os.getpid()}"
    if how == "threads":
        answers: Any = []
        start: Any = threading.Barrier(times)
        runners: list[Any] = [threading.Thread(target=send, args=(key, start, answers)) for _ in range(times)]
    else:
        context = multiprocessing.get_context("fork")
        manager = context.Manager()
        answers, start = manager.list(), manager.Barrier(times)
        runners = [context.Process(target=send, args=(key, start, answers)) for _ in range(times)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return {
        "statuses": sorted(answer[0] for answer in answers),
        "kept": sum(answer[1] == "true" for answer in answers),
        "bodies": len({answer[2] for answer in answers}),
        "changes": Change.objects.count() - before,
    }


def carry_out(how: str, times: str) -> dict[str, Any]:
    """Do what the words say and give its answer."""
    return race(how, int(times))
