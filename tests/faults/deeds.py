"""What the processes of these tests do, each against the database of DATABASE_URL.

python -m tests.faults.deeds prepare PAIRS      → JSON: pairs of ids of approved rival proposals
python -m tests.faults.deeds race threads ID ID → JSON: what became of each
python -m tests.faults.deeds race processes ID ID
python -m tests.faults.deeds killed ID N        → killed while it writes, at its Nth write
python -m tests.faults.deeds effect ID
python -m tests.faults.deeds state              → JSON: rows of every table and the head of the audit chain
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import django

WRITES = ("INSERT", "UPDATE", "DELETE")


def prepare(pairs: int) -> list[tuple[int, int]]:
    """Approved rival proposals: in each pair both want the same group."""
    from organisations.actions.proposals import Actor, decide, propose
    from organisations.domain.lifecycle import Step
    from organisations.ingest.proposal import ProposedMerger, proposed
    from organisations.models import Organisation

    ann, bob = Actor("ann", commissions=True), Actor("bob", commissions=True, approves=True)
    groups = list(
        Organisation.objects.filter(form_periods__form="clinical-commissioning-group", closed=None)
        .order_by("code")
        .values_list("code", flat=True)[: 3 * pairs]
    )
    made = []
    for number in range(pairs):
        first, shared, last = groups[3 * number : 3 * number + 3]
        pair = []
        for side, originals in (("A", [first, shared]), ("B", [last, shared])):
            asked = proposed(
                ProposedMerger,
                {
                    "originals": originals,
                    "resulting": {
                        "code": f"9{side}{number:03}",
                        "name": f"Rival {side} {number}",
                        "form": "clinical-commissioning-group",
                    },
                    "effective_on": "2015-03-01",
                },
            ).as_change()
            change = propose(asked=asked, by=ann)
            decide(change_id=change.pk, step=Step.APPROVE, by=bob)
            pair.append(change.pk)
        made.append((pair[0], pair[1]))
    return made


def effect(change_id: int) -> str:
    """Carry a change out and say what became of it."""
    from django.db import connections

    from organisations.actions.previews import Unacceptable
    from organisations.actions.proposals import Actor, Refusal, decide
    from organisations.domain.lifecycle import Step

    try:
        decide(change_id=change_id, step=Step.EFFECT, by=Actor("bob", commissions=True, approves=True))
    except Refusal as refused:
        return refused.code
    except Unacceptable as refused:
        return refused.problems[0].code
    finally:
        connections.close_all()
    return "effected"


def race(how: str, first: int, second: int) -> list[str]:
    """Carry out two changes at once, in threads of one process or in two processes."""
    if how == "threads":
        gate = threading.Barrier(2)
        ended: dict[int, str] = {}

        def run(change_id: int) -> None:
            gate.wait()
            ended[change_id] = effect(change_id)

        threads = [threading.Thread(target=run, args=(change_id,)) for change_id in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [ended[first], ended[second]]
    context = multiprocessing.get_context("spawn")
    gate_between = context.Barrier(2)
    results = context.SimpleQueue()
    processes = [
        context.Process(target=_in_process, args=(change_id, gate_between, results)) for change_id in (first, second)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    found = dict(results.get() for _ in processes)
    return [found[first], found[second]]


def _in_process(change_id: int, gate: Any, results: Any) -> None:
    django.setup()
    gate.wait()
    results.put((change_id, effect(change_id)))


def killed(change_id: int, at: int) -> None:
    """Carry a change out and die by SIGKILL at its Nth write."""
    from django.db import connection

    seen = 0

    def deadly(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        if sql.lstrip().upper().startswith(WRITES):
            seen += 1
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(deadly):
        effect(change_id)


def state() -> dict[str, Any]:
    """How many rows every table has, and the head of the audit chain."""
    from django.apps import apps

    from pcorg.audit.trail import data_version, faults

    rows = {model._meta.label: model._default_manager.count() for model in apps.get_models()}
    return {"rows": rows, "head": data_version()[0], "faults": list(faults())}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcorg.settings")
    django.setup()
    deed, *words = sys.argv[1:]
    answers: dict[str, Callable[[], Any]] = {
        "prepare": lambda: prepare(int(words[0])),
        "race": lambda: race(words[0], int(words[1]), int(words[2])),
        "killed": lambda: killed(int(words[0]), int(words[1])),
        "effect": lambda: effect(int(words[0])),
        "state": state,
    }
    print(json.dumps(answers[deed]()))
