"""What the processes of these tests do, each against the database of DATABASE_URL. Words and answers:

prepare PAIRS      → pairs of ids of approved rival proposals
race threads ID ID → what became of each
race processes ID ID
order ID ID        → the place of each in the order of its day
killed ID N        → killed while it writes, at its Nth write
effect ID
watched TIMES      → what checking the trail finds while others write, and how much they wrote
ingest FILE [N]    → records that were new; killed at the Nth write
state              → rows and contents of every table, the head of the audit chain
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

WRITES = ("INSERT", "UPDATE", "DELETE")


def prepare(pairs: int) -> list[tuple[int, int]]:
    """Approved rival proposals: in each pair both want the same group."""
    from organisations.domain.lifecycle import Step
    from organisations.models import Organisation
    from organisations.services.proposals import decide, propose
    from organisations.specs.change import ProposedMerger, proposed
    from pcorg.core.policies import Actor

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
            change = propose(spec=asked, by=ann)
            decide(change_id=change.pk, step=Step.APPROVE, by=bob)
            pair.append(change.pk)
        made.append((pair[0], pair[1]))
    return made


def effect(change_id: int) -> str:
    """Carry a change out and say what became of it."""
    from django.db import connections

    from organisations.domain.lifecycle import Step
    from organisations.services.proposals import decide
    from pcorg.core.policies import Actor
    from pcorg.core.refusals import Refusal, Unacceptable

    try:
        decide(change_id=change_id, step=Step.EFFECT, by=Actor("bob", commissions=True, approves=True))
    except Unacceptable as refused:
        return refused.problems[0].code
    except Refusal as refused:
        return refused.code
    finally:
        connections.close_all()
    return "effected"


def race(how: str, first: int, second: int) -> list[str]:
    """Carry out two changes at once, in threads of one process or in two processes."""
    return at_once(how, (effect, (first,)), (effect, (second,)))


def at_once(
    how: str, *operations: tuple[Callable[..., str], tuple[Any, ...]], before: Callable[[], Any] = int
) -> list[str]:
    """Do several deeds at once, and give what became of each, in their order. Each closes its connections. The last
    preparation comes when the processes are there, for none may inherit a connection."""
    if how == "threads":
        gate = threading.Barrier(len(operations) + 1)
        ended: dict[int, str] = {}

        def run(number: int) -> None:
            operation, words = operations[number]
            gate.wait()
            ended[number] = operation(*words)

        threads = [threading.Thread(target=run, args=(number,)) for number in range(len(operations))]
        for thread in threads:
            thread.start()
        before()
        gate.wait()
        for thread in threads:
            thread.join()
    else:
        context = multiprocessing.get_context("fork")
        gate_between = context.Barrier(len(operations) + 1)
        results = context.SimpleQueue()
        processes = [
            context.Process(target=_in_process, args=(number, operation, words, gate_between, results))
            for number, (operation, words) in enumerate(operations)
        ]
        for process in processes:
            process.start()
        before()
        gate_between.wait()
        for process in processes:
            process.join()
        ended = dict(results.get() for _ in processes)
    return [ended[number] for number in range(len(operations))]


def _in_process(number: int, operation: Callable[..., str], words: tuple[Any, ...], gate: Any, results: Any) -> None:
    gate.wait()
    results.put((number, operation(*words)))


@contextmanager
def dying(at: int, among: str = "") -> Iterator[None]:
    """Die by SIGKILL at the Nth write to the database, of those that speak of a table whose name begins so."""
    from django.db import connection

    seen = 0

    def deadly(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        if sql.lstrip().upper().startswith(WRITES) and among in sql:
            seen += 1
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(deadly):
        yield


def order(*changes: int) -> list[int]:
    """The places of changes in the order of their day."""
    from organisations.models import Change

    return [Change.objects.get(pk=change).sequence for change in changes]


def killed(change_id: int, at: int) -> None:
    """Carry a change out and die at its Nth write."""
    with dying(at):
        effect(change_id)


def ingest(path: str, at: int | None = None) -> int:
    """Ingest a register, and die at the Nth write where one is given. Gives how many records were new."""
    from organisations.registers.ingest import Ingestion, ingest_registers

    with nullcontext() if at is None else dying(at):
        return ingest_registers(ingestion=Ingestion([Path(path)]), by="tests").assembled.new


def state() -> dict[str, Any]:
    """How many rows every table has and what they hold together, and the head of the audit chain."""
    from django.apps import apps

    from pcorg.core.audit.checking import chain_faults  # not those of rows: factories put some in without an entry
    from pcorg.core.audit.trail import data_version

    models = list(apps.get_models())
    rows = {model._meta.label: model._base_manager.count() for model in models}
    contents = hashlib.sha256()
    for model in models:
        for row in model._base_manager.order_by("pk").values_list().iterator():
            contents.update(repr(row).encode())
    return {"rows": rows, "contents": contents.hexdigest(), "head": data_version()[0], "faults": list(chain_faults())}


def watched(times: int) -> dict[str, Any]:
    """What checking the trail finds, so many times, while two threads write all the time."""
    from django.db import connection

    from organisations.models import Organisation
    from organisations.services.amendments import amend
    from organisations.services.proposals import comment_on, propose
    from organisations.specs.change import ProposedMerger, proposed
    from pcorg.core.audit.checking import faults
    from pcorg.core.policies import Actor
    from pcorg.core.refusals import Refusal

    ann = Actor("ann", commissions=True)
    group = "clinical-commissioning-group"
    open_ones = Organisation.objects.filter(form_periods__form=group, closed=None).order_by("-code")
    body = {
        "originals": list(open_ones.values_list("code", flat=True)[:2]),
        "resulting": {"code": "9W001", "name": "Watched", "form": group},
        "effective_on": "2015-03-01",
    }
    change = propose(spec=proposed(ProposedMerger, body).as_change(), by=ann)
    done = threading.Event()
    wrote = [0, 0]

    def write(number: int) -> None:
        try:
            while not done.is_set():
                try:
                    comment_on(change_id=change.pk, by=ann, text="Said.")
                    amend(change_id=change.pk, by=ann, rationale=f"{number} {wrote[number]}")
                    wrote[number] += 1
                except Refusal:  # the other was first
                    pass
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    try:
        found = [list(faults()) for _ in range(times)]
    finally:
        done.set()
        for thread in threads:
            thread.join()
    return {"found": [fault for each in found for fault in each], "wrote": sum(wrote), "after": list(faults())}


def carry_out(operation: str, *words: str) -> Any:
    """Do what the words say and give its answer."""
    answers: dict[str, Callable[[], Any]] = {
        "prepare": lambda: prepare(int(words[0])),
        "watched": lambda: watched(int(words[0])),
        "race": lambda: race(words[0], int(words[1]), int(words[2])),
        "order": lambda: order(*map(int, words)),
        "killed": lambda: killed(int(words[0]), int(words[1])),
        "effect": lambda: effect(int(words[0])),
        "ingest": lambda: ingest(words[0], *map(int, words[1:])),
        "state": state,
    }
    return answers[operation]()
