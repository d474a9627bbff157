"""What is to be weighed of a plan as a whole, under the codes of the policy checks.

The checks of each step (`monopoly`, `contract-conflict`, `form-dates` …) are the engine's and are asked of it. Here
stands what no single step shows: whether everything was grouped first, the time from the plan's start, agreements that
several groups share, and whether the plan's words about separation hold together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from commissioning.domain.arm_planning.dates import MONTHS_APART, developed_by, months_to_develop, too_close
from commissioning.domain.arm_planning.loads import straddling
from commissioning.domain.arm_planning.plan import ArmPlan, Forms, Going, going, path, ungrouped
from commissioning.domain.holdings import Holdings
from commissioning.domain.vocabulary import Separation
from organisations.domain.checks.finding import Finding, advising, listed, passing

Label = Callable[[str], str]

COHERENCE_SOURCE = "kings-fund-2009 lines 297-301"
TIME_SOURCE = "kings-fund-2009 lines 1833-1839"
AGREEMENT_SOURCE = "kings-fund-2009 lines 2199-2201"
SEPARATION_SOURCE = "kings-fund-2009 lines 1299-1301"


def findings_of(
    plan: ArmPlan, provided: Sequence[str], holdings: Holdings, forms: Forms, label: Label
) -> list[Finding]:
    """What the plan as a whole gives to think about. `label` names a service by its slug."""
    found = (
        coherence_first(plan, provided, forms, label),
        development_time(plan, forms),
        contract_conflict(plan, holdings, forms),
        separation_holds(plan, provided, forms, label),
    )
    return [finding for finding in found if finding is not None]


def coherence_first(plan: ArmPlan, provided: Sequence[str], forms: Forms, label: Label) -> Finding | None:
    """`coherence-first`: the portfolio is grouped, and why is said, before forms are chosen."""
    chosen = [group for group in plan.groups if group.form in forms]
    left = ungrouped(plan, provided)
    unsaid = [group.title for group in chosen if not group.coherence.strip()]
    messages = []
    if left:
        messages.append(f"In no group yet: {listed(map(label, left))}.")
    if unsaid:
        messages.append(f"A form is chosen, and not said why the services belong together: {listed(unsaid)}.")
    if messages:
        return advising("coherence-first", " ".join(messages), COHERENCE_SOURCE)
    if not chosen:
        return None
    words = "Every service is in a group, and each group with a form says why its services belong together."
    return passing("coherence-first", words, COHERENCE_SOURCE)


def development_time(plan: ArmPlan, forms: Forms) -> Finding | None:
    """`development-time`: 18 months from the plan's start for a new body, as long as one took to start, and three years
    for a community foundation trust, as long as one participant of the seminar said was expected. Neither is a rule;
    that bodies should begin half a year apart is ours. All of it is only advised."""
    early, days = [], []
    for step in path(plan, forms):
        if step.going is not Going.SEPARATES:
            continue
        group = plan.groups[step.group]
        form = forms[group.form]
        days.append(step.on)
        ready = developed_by(plan.start, form)
        if step.on < ready:
            needs = months_to_develop(form)
            early.append(f"{group.title} would have less than {needs} months (ready by {ready:%-d %B %Y})")
    if not days:
        return None
    if early:
        return advising("development-time", f"Sooner than others took or expected: {listed(early, '; ')}.", TIME_SOURCE)
    if any(too_close(sooner, later) for sooner, later in pairwise(days)):
        words = f"New bodies begin less than {MONTHS_APART} months apart: the trust carries several at once."
        return advising("development-time", words, TIME_SOURCE)
    words = (
        "Each new body has the time that others took or expected: 18 months, or three years for a community foundation "
        "trust."
    )
    return passing("development-time", words, TIME_SOURCE)


def contract_conflict(plan: ArmPlan, holdings: Holdings, forms: Forms) -> Finding | None:
    """`contract-conflict`: what stays the trust's own can only have an agreement with it, and one that covers several
    groups can go with none."""
    ends = {
        service: f"{number}"
        for number, group in enumerate(plan.groups)
        if going(group, forms) is Going.SEPARATES
        for service in group.services
    }
    if not ends and not any(going(group, forms) is Going.ARRANGEMENT for group in plan.groups):
        return None
    messages = []
    shared = [f"{item.title} ({item.code})" for item, _ in straddling(holdings, plan.trust, ends, plan.start)]
    if shared:
        names = listed(shared, "; ")
        messages.append(f"Covers services that go different ways, and so stays unless it is divided first: {names}.")
    within = [group.title for group in plan.groups if going(group, forms) is Going.ARRANGEMENT]
    if within:
        messages.append(
            f"No body of its own, so the trust stays provider and can only agree a service level with it, which the "
            f"law does not enforce: {listed(within)}."
        )
    if messages:
        return advising("contract-conflict", " ".join(messages), AGREEMENT_SOURCE)
    return passing("contract-conflict", "Every agreement can go with one group.", AGREEMENT_SOURCE)


def separation_holds(plan: ArmPlan, provided: Sequence[str], forms: Forms, label: Label) -> Finding | None:
    """`separation`: whether the plan's word for what stays agrees with what stays. It belongs to the planner alone."""
    staying = [group.title for group in plan.groups if going(group, forms) is not Going.SEPARATES]
    staying += [label(service) for service in ungrouped(plan, provided)]
    if plan.separation is Separation.FULL and staying:
        words = f"A fully separate arm leaves nothing with the trust; these stay: {listed(staying)}."
        return advising("separation", words, SEPARATION_SOURCE)
    if plan.separation in {Separation.INTERNAL, Separation.ARMS_LENGTH} and not staying:
        words = "Everything leaves the trust, so nothing is left to be held apart: that is full separation."
        return advising("separation", words, SEPARATION_SOURCE)
    return None
