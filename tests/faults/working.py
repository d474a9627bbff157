"""Jobs asked for and looked at, against the database of DATABASE_URL. Words and answers:

address → DATABASE_URL
ask FIRST NUMBER BODIES → the numbers of jobs that load so many portfolios of so many bodies
jobs → each job with its state, runner, attempts, stage and log
effects → of each portfolio that was loaded so: bodies, loads, entries of the audit trail; and faults of the trail
"""

from __future__ import annotations

import json
import os
from typing import Any

KNOWN = {"basis": "illustrative", "source": "pcorg-illustration"}


def document(number: int, bodies: int) -> bytes:
    """A portfolio of its own, whose codes no other has."""
    code = f"X-W{number}"
    stated = {
        "schema": "pcorg-portfolio/1",
        "portfolio": {
            "slug": f"worked-{number}",
            "title": f"Worked {number}",
            "illustrative": True,
            "covers": {"from": "1999-04-01", "to": "2010-03-31"},
            "limits": ["Everything is invented."],
        },
        "bodies": [
            {"code": f"{code}-{each:05}", "name": f"Group {number} {each}", "form": "pcg-1", **KNOWN}
            for each in range(bodies)
        ],
        "relationships": [
            {"kind": "neighbour-of", "subject": f"{code}-{each:05}", "object": f"{code}-{each + 1:05}", **KNOWN}
            for each in range(bodies - 1)
        ],
    }
    return json.dumps(stated).encode()


def ask(first: int, number: int, bodies: int) -> list[int]:
    """Ask for the jobs."""
    from django.contrib.auth.models import Group, User

    from organisations.jobs import LOAD
    from pcorg.core.jobs import actions

    actions.MOST_OPEN = 1000
    user, _ = User.objects.get_or_create(username="dora")
    user.groups.set(Group.objects.filter(name="data-administrator"))
    return [
        actions.enqueue(
            kind=LOAD,
            title=f"Load {each}",
            inputs={},
            by=user,
            file=(f"worked-{each}.json", document(each, bodies)),
        ).pk
        for each in range(first, first + number)
    ]


def jobs() -> list[dict[str, Any]]:
    """Each job as it stands."""
    from pcorg.core.jobs.models import Job

    columns = ("id", "state", "runner", "attempts", "stage", "done", "fault")
    logs = {job.pk: [line.text for line in job.lines.all()] for job in Job.objects.prefetch_related("lines")}
    return [{**row, "log": logs[row["id"]]} for row in Job.objects.order_by("id").values(*columns)]


def effects() -> dict[str, Any]:
    """What the jobs wrote."""
    from organisations.models import Organisation, PortfolioLoad
    from pcorg.core.audit import checking
    from pcorg.core.audit.models import AuditEntry

    loaded: dict[str, Any] = {}
    for slug in PortfolioLoad.objects.filter(portfolio__slug__startswith="worked-").values_list("portfolio", flat=True):
        loaded[slug] = {
            "bodies": Organisation.objects.filter(portfolio=slug).count(),
            "loads": PortfolioLoad.objects.filter(portfolio=slug).count(),
            "entries": AuditEntry.objects.filter(action="load-portfolio", subject=f"portfolio {slug}").count(),
        }
    return {"portfolios": loaded, "faults": list(checking.chain_faults())}


def carry_out(word: str, *numbers: str) -> Any:
    """Do what the word says."""
    known = {"address": lambda: os.environ["DATABASE_URL"], "ask": ask, "jobs": jobs, "effects": effects}
    return known[word](*map(int, numbers))
