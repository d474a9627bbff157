"""When a group can be ready to go: the time a new body takes, and dates that leave it.

18 months for a new organisation to get going and three years for a community foundation trust to pass its assessment
are what people at the report's seminar had known (The King's Fund 2009, lines 1833-1839 and 1966-1973). That dates
fall on the first day of a quarter and that bodies begin at least half a year apart is ours.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from commissioning.domain.arm_planning.plan import ArmPlan, Forms, Going, going, goings
from organisations.domain.forms import FormFacts
from organisations.domain.vocabulary import Nature
from pcorg.core.periods import months_later

BODY_MONTHS = 18
FOUNDATION_MONTHS = 36
MONTHS_APART = 6
FOUNDATION = "community-foundation-trust"
LONGEST_CODE = 40


def months_to_develop(form: FormFacts) -> int:
    """Months from the start of a plan until a group can take a form: none for an arrangement, which needs no body."""
    if form.nature is not Nature.BODY:
        return 0
    return FOUNDATION_MONTHS if form.slug == FOUNDATION else BODY_MONTHS


def developed_by(start: date, form: FormFacts) -> date:
    """The first day on which the time to develop is over."""
    return months_later(start, months_to_develop(form))


def earliest(start: date, form: FormFacts) -> date:
    """The first day of a quarter on which the time to develop is over."""
    return _quarter(developed_by(start, form))


def suggested_dates(plan: ArmPlan, forms: Forms) -> list[date | None]:
    """A date for each group that takes a form: the one it has, else the first that leaves the time to develop and
    keeps new bodies half a year apart from the one before. None for groups that stay."""
    dates = [group.on if group.form in forms else None for group in plan.groups]
    waiting = [number for number, group in enumerate(plan.groups) if group.form in forms and group.on is None]
    taken = [
        on
        for on, becomes in zip(dates, goings(plan, forms), strict=True)
        if on is not None and becomes is Going.SEPARATES
    ]
    for number in sorted(waiting, key=lambda at: (earliest(plan.start, forms[plan.groups[at].form]), at)):
        group = plan.groups[number]
        found = earliest(plan.start, forms[group.form])
        if going(group, forms) is Going.SEPARATES:
            while any(too_close(found, other) for other in taken):
                found = _quarter(months_later(found, 1))
            taken.append(found)
        dates[number] = found
    return dates


def too_close(one: date, other: date) -> bool:
    """Whether two new bodies would begin less than half a year apart."""
    first, second = sorted((one, other))
    return second < months_later(first, MONTHS_APART)


def completed(plan: ArmPlan, forms: Forms, taken: Collection[str]) -> ArmPlan:
    """The plan with dates, codes and names suggested where a group takes a form and has none. Codes that are `taken`
    by a body are not suggested: a suggested code is a working one, until the register gives the body its own."""
    used = {*taken, *(group.code for group in plan.groups if group.code)}
    groups = []
    for group, on in zip(plan.groups, suggested_dates(plan, forms), strict=True):
        if group.form not in forms:
            groups.append(group)
            continue
        code = group.code or _free_code(plan.trust, used)
        used.add(code)
        name = group.name or f"{_place(plan.trust_name)} {group.title}".strip()[:200]
        groups.append(replace(group, on=on, code=code, name=name))
    return replace(plan, groups=tuple(groups))


def _free_code(trust: str, used: Collection[str]) -> str:
    stem = trust[: LONGEST_CODE - 4]
    return next(code for number in range(1, 1000) if (code := f"{stem}-{number}") not in used)


def _place(name: str) -> str:
    """A trust's name without the words that say that it is one."""
    for ending in (" Primary Care Trust", " Care Trust", " PCT"):
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name


def _quarter(on: date) -> date:
    """The first day of a quarter on or after a day."""
    if on.day == 1 and on.month % 3 == 1:
        return on
    return months_later(on.replace(day=1), 3 - (on.month - 1) % 3)
