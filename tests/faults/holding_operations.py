"""What the processes of the tests of holdings do, each against the database of DATABASE_URL. Words and answers:

prepare PAIRS      → rival mergers, the trust each pair wants, an arm plan
race HOW ID ID     → what became of each, and what a reader saw meanwhile
held STEM          → by day and thing, who holds it and whether they live
effect ID [N]      → killed at its Nth write to what bodies hold
load FILE [N]      → new records; killed at its Nth write
plan ID [N]        → the changes proposed; killed at its Nth write
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from tests.faults import operations

DAY = "2009-04-01"
DAYS = ("2009-03-31", DAY, "2012-04-01")
EVIDENCE = dict.fromkeys(("consultation-held", "board-composition"), "recorded")


def prepare(pairs: int) -> dict[str, Any]:
    """Approved rival mergers: in each pair both want the same trust, and all three have something of every kind. And a
    plan that makes two bodies of a trust's provider arm."""
    from tests.factories.rows import portfolio

    of = portfolio()
    rivals = [_rivals(number, of) for number in range(pairs)]
    return {"rivals": rivals, "plan": _plan(of)}


def _rivals(number: int, of: Any) -> dict[str, Any]:
    from organisations.domain.lifecycle import Step
    from organisations.services.proposals import decide, propose
    from organisations.specs.change import ProposedMerger, proposed
    from pcorg.core.policies import Actor
    from tests.factories import commissioning as make

    stems = [f"X-{number:03}{letter}" for letter in "ABC"]
    trusts = [make.trust_with_everything(stem, of=of).trust.pk for stem in stems]
    changes = []
    for side, other in (("L", trusts[0]), ("R", trusts[2])):
        heir = {"code": f"X-{number:03}{side}", "name": f"Rival {side} {number}", "form": "pct-4"}
        facts = {"originals": [other, trusts[1]], "resulting": heir, "effective_on": DAY, "evidence": EVIDENCE}
        change = propose(spec=proposed(ProposedMerger, facts).as_change(), by=Actor("ann", commissions=True))
        decide(change_id=change.pk, step=Step.APPROVE, by=Actor("bob", commissions=True, approves=True))
        changes.append(change.pk)
    stem = f"X-{number:03}"
    return {"changes": changes, "trusts": trusts, "heirs": [f"{stem}L", f"{stem}R"], "stem": stem}


def _plan(of: Any) -> int:
    from commissioning.services.arm_plans import keep_plan
    from commissioning.specs.arm_plan import StatedArmPlan
    from pcorg.core.policies import Actor
    from tests.factories import commissioning as make

    trust = make.trust_with_everything("X-P", of=of)
    groups = [
        {"title": f"Group {number}", "services": [service.pk], "coherence": "Its own", "form": form}
        for number, (service, form) in enumerate(
            zip(trust.services, ("community-interest-company", "company-limited-by-guarantee"), strict=False)
        )
    ]
    facts = {"organisation": trust.trust.pk, "title": "Apart", "start": DAY, "separation": "full", "groups": groups}
    return int(keep_plan(spec=StatedArmPlan.model_validate(facts), by=Actor("ann", commissions=True)).pk)


def holders(stem: str, on: date) -> Iterator[tuple[str, list[str]]]:
    """Every thing whose code begins so, with everybody who has a part in it on a day, holding by holding. What is held
    by two on one day comes twice."""
    from django.db.models import Q

    from commissioning.models import HOLDINGS

    for model in HOLDINGS:
        in_force = Q(end=None) | Q(end__gt=on), Q(start__lte=on)
        rows: Any = model._default_manager.filter(*in_force, item__code__startswith=stem)
        columns = [role.value for role in model.parties]
        for row in rows.order_by("item", "pk").values("item", *columns):
            yield f"{model.kind.value} {row['item']}", [row[column] for column in columns]


def held(stem: str) -> dict[str, Any]:
    """By day and thing: who has a part in each of its holdings; and who of them is not in force that day."""
    from django.db.models import Q

    from organisations.models import Organisation

    found: dict[str, Any] = {}
    for day in DAYS:
        on = date.fromisoformat(day)
        by_thing: dict[str, list[list[str]]] = defaultdict(list)
        for thing, parties in holders(stem, on):
            by_thing[thing].append(parties)
        bodies = {code for each in by_thing.values() for parties in each for code in parties}
        alive = Organisation.objects.filter(Q(closed=None) | Q(closed__gt=on), pk__in=bodies, opened__lte=on)
        gone = sorted(bodies - set(alive.values_list("pk", flat=True)))
        found[day] = {"things": by_thing, "gone": gone}
    return found


def race(how: str, first: int, second: int, stem: str) -> dict[str, Any]:
    """Carry out both at once while a reader looks again and again at who holds what."""
    from django.db import connections

    on, over = date.fromisoformat(DAY), threading.Event()
    whole: Counter[str] = Counter()
    looks = 0
    torn: set[str] = set()

    def look() -> None:
        nonlocal looks
        while not over.is_set() or not looks:
            seen = Counter(thing for thing, _ in holders(stem, on))
            torn.update(thing for thing in whole | seen if whole[thing] != seen[thing])
            looks += 1
        connections.close_all()

    def begin() -> None:
        whole.update(thing for thing, _ in holders(stem, on))
        reader.start()

    reader = threading.Thread(target=look)
    ended = operations.at_once(how, (operations.effect, (first,)), (operations.effect, (second,)), before=begin)
    over.set()
    reader.join()
    return {"ended": ended, "torn": sorted(torn), "looks": looks}


def load(path: str) -> int:
    """Load a portfolio document; how many records were new."""
    from organisations.services.load_portfolio import load_portfolio

    return load_portfolio(path=Path(path), by="tests").created


def propose_plan(number: int) -> list[int]:
    """Propose every step of an arm plan; the changes."""
    from commissioning.services.arm_plans import propose_plan as propose
    from pcorg.core.policies import Actor

    plan = propose(plan_id=number, by=Actor("ann", commissions=True))
    return list(plan.groups.order_by("position").values_list("change", flat=True))


def until(words: tuple[str, ...], among: str = "") -> AbstractContextManager[None]:
    """Alive until the write whose number is given, if one is."""
    return operations.dying(int(words[0]), among) if words else nullcontext()


def carry_out(operation: str, *words: str) -> Any:
    """Do what the words say and give its answer."""
    among = "commissioning_" if operation == "effect" else ""
    answers: dict[str, Callable[[], Any]] = {
        "prepare": lambda: prepare(int(words[0])),
        "race": lambda: race(words[0], int(words[1]), int(words[2]), words[3]),
        "held": lambda: held(words[0]),
        "effect": lambda: operations.effect(int(words[0])),
        "load": lambda: load(words[0]),
        "plan": lambda: propose_plan(int(words[0])),
    }
    with until(words[1:2] if operation in {"effect", "load", "plan"} else (), among):
        return answers[operation]()
