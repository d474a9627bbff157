"""What the processes of the tests of appraisals do, each against the database of DATABASE_URL. Words and answers:

prepare      → the number of an open assessment, judged once by everybody
race HOW NUMBER DEED DEED …
             → what became of each; a deed is `ann:3` (ann judges everything at level 3), `close`, `open` or `approve`
read NUMBER  → status, version, levels by assessor, the trail
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.faults import operations

OPTIONS = ["stand-alone-community-trust", "virtual-integration"]
ASSESSORS = ("ann", "cat")
FIRST = 2


def prepare() -> int:
    """An open assessment of two options that ann made, and that she and cat have judged at the first level."""
    from django.contrib.auth.models import User

    from evaluation.services.assessments import create_assessment, move_assessment
    from evaluation.specs.stated import StatedAssessment
    from pcorg.core.policies import Actor
    from tests.clients import known

    for name in ASSESSORS:  # who judges is a user
        User.objects.get_or_create(username=name)
    by = known(Actor("ann", commissions=True))
    asked = {"title": "Which way?", "options": OPTIONS, "panel": list(ASSESSORS)}
    number = create_assessment(stated=StatedAssessment.model_validate(asked), by=by).pk
    move_assessment(number=number, step="open", by=by)
    for name in ASSESSORS:
        assert do(number, f"{name}:{FIRST}") == "done"
    return number


def do(number: int, operation: str) -> str:
    """Judge everything at one level, or take a step; what became of it."""
    from django.db import connections

    from evaluation.models import Criterion
    from evaluation.services.assessments import move_assessment
    from evaluation.services.judgements import judge
    from evaluation.specs.stated import StatedJudgements
    from pcorg.core.policies import Actor
    from pcorg.core.refusals import Refusal
    from tests.clients import known

    try:
        name, _, level = operation.partition(":")
        if level:
            criteria = list(Criterion.objects.filter(framework="five-criteria").values_list("pk", flat=True))
            said = [
                {"option": option, "criterion": criterion, "low": int(level), "high": int(level)}
                for option in OPTIONS
                for criterion in criteria
            ]
            stated = StatedJudgements.model_validate({"judgements": said})
            judge(number=number, stated=stated, by=known(Actor(name, commissions=True)))
        elif name == "approve":
            move_assessment(number=number, step=name, by=Actor("bob", commissions=True, approves=True))
        else:
            by = known(Actor("ann", commissions=True))
            move_assessment(number=number, step=name, by=by, comment="Because.")
    except Refusal:  # an open one is not there for bob
        return "refused"
    finally:
        connections.close_all()
    return "done"


def read(number: int) -> dict[str, Any]:
    """The assessment as it stands, and the trail of it."""
    from evaluation.models import Assessment, Judgement
    from pcorg.core.audit.models import AuditEntry

    levels: dict[str, list[int]] = {}
    rows = Judgement.objects.filter(assessor__assessment=number).order_by("assessor__name", "pk")
    for name, low, high in rows.values_list("assessor__name", "low", "high"):
        assert low == high
        levels.setdefault(name, []).append(low)
    held = Assessment.objects.get(pk=number)
    trail = AuditEntry.objects.filter(subject=f"assessment {number}").order_by("pk").values_list("action", "actor")
    return {"status": held.status, "version": held.version, "levels": levels, "trail": [list(each) for each in trail]}


def carry_out(operation: str, *words: str) -> Any:
    """Do what the words say and give its answer."""
    answers: dict[str, Callable[[], Any]] = {
        "prepare": prepare,
        "race": lambda: operations.at_once(words[0], *((do, (int(words[1]), word)) for word in words[2:])),
        "read": lambda: read(int(words[0])),
    }
    return answers[operation]()
