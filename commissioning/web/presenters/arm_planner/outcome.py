"""What would come of a plan: the path, what to weigh, what each group carries, and the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commissioning.domain.arm_planning import Going, Load
from commissioning.services.arm_previews import WorkedPlan, WorkedStep
from organisations.domain.checks import Finding
from organisations.domain.vocabulary import Outcome
from organisations.models import PolicyCheck, Source
from organisations.services.proposal_writes import SETTLED_LATER
from organisations.web.presenters.proposing.preview import finding_row
from organisations.web.presenters.references import Citation
from pcorg.core.pages.jinja2 import count, decimal, pounds
from pcorg.core.pages.scope import Scope

WHOLE = "The plan as a whole"
OWN_TITLES = {"separation": "Separation of what stays"}
"""Titles of what only the planner weighs."""


@dataclass(frozen=True)
class PathStep:
    """One step of the path in words; `tag` and `colour` tell its status once it is proposed."""

    on: date
    title: str
    becomes: str
    name: str
    code: str
    carries: str
    problems: list[str]
    href: str = ""
    tag: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Weighed:
    """A finding and the steps it applies to."""

    code: str
    title: str
    href: str
    outcome: str
    colour: str
    message: str
    where: str
    citation: Citation | None
    source: str


@dataclass(frozen=True)
class LoadRow:
    """The load of one organisation as a row of figures."""

    label: str
    code: str
    services: int
    staff: str
    money: str
    contracts: int
    posts: str
    whole: bool = False
    href: str = ""


@dataclass(frozen=True)
class ShownPlan:
    """A plan worked out, as a page shows it. `state` colours the verdict: ready, open or blocked."""

    state: str
    verdict: str
    steps: list[PathStep]
    weighed: list[Weighed]
    passing: int
    carried: list[LoadRow]
    end: date
    ends: list[LoadRow]


def seen(
    worked: WorkedPlan,
    *,
    checks: Mapping[str, PolicyCheck],
    sources: Mapping[str, Source],
    labels: Mapping[str, str],
    scope: Scope,
) -> ShownPlan:
    """A plan in words; `labels` names the forms."""
    found = [(WHOLE, finding) for finding in worked.findings]
    found += [
        (worked.plan.groups[step.step.group].title, finding)
        for step in worked.steps
        if step.seen
        for finding in step.seen.findings
    ]
    weighed, passing = weigh(found, checks=checks, sources=sources, scope=scope)
    state, verdict = _verdict(worked, [finding for _, finding in found])
    return ShownPlan(
        state=state,
        verdict=verdict,
        steps=[_step(each, worked, labels) for each in worked.steps],
        weighed=weighed,
        passing=passing,
        carried=[
            *(load_row(group.title, load) for group, load in zip(worked.plan.groups, worked.groups, strict=True)),
            load_row("In no group", worked.ungrouped),
            load_row("The whole arm today", worked.before, whole=True),
        ],
        end=worked.end,
        ends=end_rows(worked.ends, _namer(worked)),
    )


def weigh(
    found: Iterable[tuple[str, Finding]],
    *,
    checks: Mapping[str, PolicyCheck],
    sources: Mapping[str, Source],
    scope: Scope,
) -> tuple[list[Weighed], int]:
    """Findings that block or advise, those that block first, each once with every place it was found; and how many
    pass."""
    places: dict[Finding, list[str]] = {}
    passing = 0
    for where, finding in found:
        if finding.outcome is Outcome.PASS:
            passing += 1
        else:
            places.setdefault(finding, []).append(where)
    order = sorted(places, key=lambda finding: finding.outcome is not Outcome.BLOCK)
    return [_weighed(finding, places[finding], checks, sources, scope) for finding in order], passing


def load_row(label: str, load: Load, *, code: str = "", whole: bool = False, href: str = "") -> LoadRow:
    """A load as a row. What is unknown is counted beside what is known."""
    return LoadRow(
        label=label,
        code=code,
        services=len(load.services),
        staff=_and_unknown(load.wte, decimal, load.wte_unknown),
        money=_and_unknown(load.money, pounds, load.money_unknown),
        contracts=len(load.contracts),
        posts=decimal(load.posts),
        whole=whole,
        href=href,
    )


def end_rows(
    ends: Mapping[str, Load], name: Callable[[str], str], href: Callable[[str], str] = lambda _: ""
) -> list[LoadRow]:
    """Return the final load of each organisation as rows."""
    return [load_row(name(code), load, code=code, href=href(code)) for code, load in ends.items()]


def _and_unknown(amount: Decimal | None, written: Callable[[Decimal], str], unknown: int) -> str:
    if amount is None:
        return "Not recorded"
    return f"{written(amount)}, {unknown} not known" if unknown else written(amount)


def _step(each: WorkedStep, worked: WorkedPlan, labels: Mapping[str, str]) -> PathStep:
    group = worked.plan.groups[each.step.group]
    load = worked.groups[each.step.group]
    carries = (
        count(len(load.services), "service goes with it", "services go with it")
        if each.step.going is Going.SEPARATES
        else f"{count(len(load.services), 'service stays', 'services stay')} with the trust in law"
    )
    return PathStep(
        on=each.step.on,
        title=group.title,
        becomes=labels.get(group.form, group.form),
        name=group.name,
        code=group.code,
        carries=carries,
        problems=[problem.message for problem in each.problems],
    )


def _weighed(
    finding: Finding,
    places: Sequence[str],
    checks: Mapping[str, PolicyCheck],
    sources: Mapping[str, Source],
    scope: Scope,
) -> Weighed:
    row = finding_row(finding, checks=checks, sources=sources, scope=scope)
    own = finding.code not in checks
    return Weighed(
        code=finding.code,
        title=OWN_TITLES.get(finding.code, row.title),
        href="" if own else row.href,
        outcome=row.outcome,
        colour=row.colour,
        message=row.message,
        where="; ".join(dict.fromkeys(places)),
        citation=row.citation,
        source=row.source,
    )


def _verdict(worked: WorkedPlan, found: Sequence[Finding]) -> tuple[str, str]:
    broken = sum(step.seen is None for step in worked.steps)
    if worked.wanting or worked.problems:
        return "open", "The plan can be kept. Before it can be proposed it needs what is listed below."
    if broken:
        return "blocked", f"{count(broken, 'step', 'steps')} cannot be made as planned."
    blocks = [finding for finding in found if finding.outcome is Outcome.BLOCK]
    hard = [finding for finding in blocks if finding.code not in SETTLED_LATER]
    if any(step.seen and step.seen.hypothetical for step in worked.steps):
        return "blocked", "This is what would have been: later changes already stand on the trust."
    if hard:
        return "blocked", f"{count(len(hard), 'check stands', 'checks stand')} in the way. It cannot be proposed so."
    advice = sum(finding.outcome is Outcome.ADVISE for finding in found)
    steps = count(len(worked.steps), "step", "steps")
    message = f" {count(advice, 'finding asks', 'findings ask')} for thought." if advice else ""
    return ("open" if blocks else "ready"), f"It can be proposed, in {steps}.{message}"


def _namer(worked: WorkedPlan) -> Callable[[str], str]:
    names = {group.code: group.name for group in worked.plan.groups if group.code}
    names[worked.plan.trust] = worked.plan.trust_name
    return lambda code: names.get(code, code)
