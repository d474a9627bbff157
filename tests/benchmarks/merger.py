"""How long changes of many bodies with all that they hold take to preview and to carry out.

Run `python -m tests.benchmarks.merger [SHAPE] [BODIES] [HOLDINGS]` (one, 320 and 100); with DATABASE_URL on that
database's server, in a test database that is made and removed. The shapes: `one`, a merger of them all, and `pairs`, a
reconfiguration into half as many bodies, each original divided between two. Prints of each step its seconds, those in
which this process itself worked, its queries, and the most memory the process has had so far.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcorg.settings")
os.environ.setdefault("PCORG_LOG_LEVEL", "ERROR")
django.setup()

from django.db import connection, transaction  # noqa: E402 - Django must be set up first
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from organisations.domain.lifecycle import Step  # noqa: E402
from organisations.models import Organisation  # noqa: E402
from organisations.services.load_reference import load_reference  # noqa: E402
from organisations.services.previews import preview  # noqa: E402
from organisations.services.proposals import decide, propose  # noqa: E402
from organisations.specs.change import ProposedChange, proposed  # noqa: E402
from pcorg.core.policies import Actor  # noqa: E402
from tests.benchmarks.county import county  # noqa: E402

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
DAY = "2009-04-01"
EVIDENCE = dict.fromkeys(("consultation-held", "board-composition", "joint-agreement"), "recorded")


def one(codes: list[str]) -> dict[str, Any]:
    """All of them become one trust."""
    return {"kind": "merger", "originals": codes, "resulting": [_trust("X-N")]}


def pairs(codes: list[str]) -> dict[str, Any]:
    """Half as many trusts; each original gives six tenths of its people to its pair and the rest to the next."""
    new = [f"X-N{number:04}" for number in range(len(codes) // 2)]
    edges = []
    for number, code in enumerate(codes):
        first, second = new[number // 2 % len(new)], new[(number // 2 + 1) % len(new)]
        edges += [
            {"original": code, "resulting": first, "share": "0.6"},
            {"original": code, "resulting": second, "share": "0.4"},
        ]
    return {
        "kind": "reconfiguration",
        "originals": codes,
        "resulting": [_trust(code) for code in new],
        "edges": edges,
    }


def _trust(code: str) -> dict[str, str]:
    return {"code": code, "name": f"The trust {code}", "form": "pct-4"}


SHAPES: dict[str, Callable[[list[str]], dict[str, Any]]] = {"one": one, "pairs": pairs}


@contextmanager
def timed(name: str) -> Iterator[Callable[[str], None]]:
    said: list[str] = []
    queries = 0

    def counting(execute: Callable[..., Any], *given: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*given)

    with connection.execute_wrapper(counting):
        begun, worked = time.perf_counter(), time.process_time()
        yield said.append
        taken, own = time.perf_counter() - begun, time.process_time() - worked
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:8} {taken:6.2f} s ({own:5.2f} s own)  {queries:5} queries  {most:5} MB  {' '.join(said)}", flush=True)


def main(shape: str, bodies: int, holdings: int) -> None:
    """Preview, propose, approve and carry out the change, then preview its undoing."""
    load_reference(folder=FIXTURES / "reference", by="benchmark")
    with transaction.atomic():
        codes = county(bodies, holdings)
    document = SHAPES[shape](codes) | {"effective_on": DAY, "evidence": EVIDENCE}
    asked = proposed(ProposedChange, document)
    with timed("preview") as say:
        seen = preview(spec=asked)
        say(f"{len(seen.plan.operations)} operations, {seen.after.contributed['contracts']} contracts")
    del seen
    with timed("over API") as say:
        answer = APIClient().post("/api/v1/changes/preview/", document, format="json")
        say(f"{answer.status_code}, {len(answer.content) / 1e6:.1f} MB")
    del answer
    by = Actor("ann", commissions=True), Actor("bob", commissions=True, approves=True)
    with timed("propose"):
        made = propose(spec=asked, by=by[0])
    for step in (Step.APPROVE, Step.EFFECT):
        with timed(step.value):
            decide(change_id=made.pk, step=step, by=by[1])
    undoing = {"kind": "correction", "corrects": made.pk, "effective_on": DAY}
    with timed("undoing") as say:
        say(f"{len(preview(spec=proposed(ProposedChange, undoing)).plan.operations)} operations")
    print(Organisation.objects.filter(pk__startswith="X-N").count(), "bodies have come of it")


if __name__ == "__main__":
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        chosen, *sizes = sys.argv[1:] or ["one"]
        main(chosen, *(int(word) for word in sizes or ("320", "100")))
    finally:
        teardown_databases(kept, verbosity=0)
