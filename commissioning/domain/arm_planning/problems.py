"""What is wrong with a plan, all of it at once, each with a JSON pointer into it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from commissioning.domain.arm_planning.plan import ArmPlan, Forms, Going, going
from commissioning.domain.vocabulary import Separation
from pcorg.core.refusals import Problem

RUN_BY_ANOTHER = "vertical-integration"
"""The arrangement that another body, an acute trust, runs by its nature."""


def problems_of(plan: ArmPlan, provided: Collection[str], forms: Forms) -> list[Problem]:
    """What makes a plan contradict itself or what the trust provides. A plan with none may be kept, finished or not."""
    return [
        *_titles(plan),
        *_services(plan, provided),
        *_choices(plan, forms),
        *_codes(plan),
    ]


def wanting(plan: ArmPlan, forms: Forms) -> list[Problem]:
    """What a plan still needs before its steps can be proposed."""
    found = []
    for number, group in enumerate(plan.groups):
        at = f"/groups/{number}"
        becomes = going(group, forms)
        if not group.services:
            found.append(Problem("invalid", f"“{group.title}” has no service: add one or remove the group.", at))
        if becomes is Going.STAYS:
            continue
        what = "body" if becomes is Going.SEPARATES else "arrangement"
        if not group.code:
            found.append(Problem("invalid", f"Enter a code for the {what} that “{group.title}” becomes.", f"{at}/code"))
        if not group.name:
            found.append(Problem("invalid", f"Enter a name for the {what} that “{group.title}” becomes.", f"{at}/name"))
        if group.on is None:
            found.append(Problem("invalid", f"Say from which day “{group.title}” works so.", f"{at}/on"))
        if group.form == RUN_BY_ANOTHER and group.run_by in {"", plan.trust}:
            words = f"Say which hospital trust runs “{group.title}” in vertical integration."
            found.append(Problem("invalid", words, f"{at}/run_by"))
    if all(going(group, forms) is Going.STAYS for group in plan.groups):
        found.append(Problem("invalid", "Choose a form for at least one group: as it is, nothing changes.", "/groups"))
    return found


def _titles(plan: ArmPlan) -> Iterator[Problem]:
    if not plan.groups:
        yield Problem("invalid", "Add a group of services.", "/groups")
    seen: set[str] = set()
    for number, group in enumerate(plan.groups):
        title = group.title.strip().casefold()
        if not title:
            yield Problem("invalid", f"Name group {number + 1}.", f"/groups/{number}/title")
        elif title in seen:
            yield Problem("invalid", f"Two groups are called “{group.title}”.", f"/groups/{number}/title")
        seen.add(title)


def _services(plan: ArmPlan, provided: Collection[str]) -> Iterator[Problem]:
    holder: dict[str, int] = {}
    for number, group in enumerate(plan.groups):
        for place, service in enumerate(group.services):
            at = f"/groups/{number}/services/{place}"
            if service not in provided:
                words = f"{plan.trust} does not provide {service} on {_day(plan)}."
                yield Problem("invalid", words, at)
            elif service in holder:
                words = f"{service} is in “{plan.groups[holder[service]].title}” too; a service is in one group."
                yield Problem("invalid", words, at)
            holder.setdefault(service, number)


def _choices(plan: ArmPlan, forms: Forms) -> Iterator[Problem]:
    for number, group in enumerate(plan.groups):
        at = f"/groups/{number}"
        if group.form and group.form not in forms:
            words = f"{group.form} is not a form that a provider arm may take."
            yield Problem("invalid", words, f"{at}/form")
        if group.on is not None and group.on < plan.start:
            yield Problem("invalid", f"“{group.title}” would begin before the plan does, on {_day(plan)}.", f"{at}/on")
        if group.run_by and going(group, forms) is not Going.ARRANGEMENT:
            yield Problem("invalid", "Only an arrangement is run by another body.", f"{at}/run_by")
        if plan.separation is Separation.NONE and going(group, forms) is not Going.STAYS:
            words = f"“{group.title}” takes a form, so the arm does not stay unseparated."
            yield Problem("invalid", words, "/separation")


def _codes(plan: ArmPlan) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, group in enumerate(plan.groups):
        if group.code and group.code in seen:
            yield Problem("invalid", f"Two groups have the code {group.code}.", f"/groups/{number}/code")
        seen.add(group.code)


def _day(plan: ArmPlan) -> str:
    return f"{plan.start.day} {plan.start:%B %Y}"
