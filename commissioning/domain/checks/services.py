"""Checks of the services that pass from one provider to another: what is left behind, whether anybody else provides
them, and whether they were grouped first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from commissioning.domain.checks.words import counted, known, named, per_cent, pounds, titles
from commissioning.domain.holdings import Holding, Holdings
from commissioning.domain.operations import CloseHolding, held_in
from commissioning.domain.vocabulary import HoldingKind, PartyRole
from organisations.domain.changes import ChangeRequest
from organisations.domain.checks import AppliedCheck, Finding
from organisations.domain.checks.finding import listed
from organisations.domain.planning import Plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind, Family

RESIDUE_SOURCE = "goodwin-2001 lines 605-621"
MONOPOLY_SOURCE = "kings-fund-2009 lines 27-31"
COHERENCE_SOURCE = "kings-fund-2009 lines 297-301"


@dataclass(frozen=True, slots=True)
class Passage:
    """A service that one body gives up and another takes on."""

    giver: str
    receiver: str
    holding: Holding


def passages(plan: Plan) -> list[Passage]:
    """Services in force on the day of the change that pass from a body that goes on to another."""
    request = plan.request
    if request is None:
        return []
    on, after, closing = request.effective_on, held_in(plan.after), frozenset(request.closing)
    given_up = [
        each.holding
        for each in plan.operations
        if isinstance(each, CloseHolding)
        and each.holding.kind is HoldingKind.PROVISION
        and each.holding.period.holds(on)
        and each.holding.party(PartyRole.PROVIDER) not in closing
    ]
    takers = {
        thing: sorted({one.party(PartyRole.PROVIDER) for one in after.of_thing(thing) if one.period.holds(on)})
        for thing in {holding.thing for holding in given_up}
    }
    return [
        Passage(giver, taker, holding)
        for holding in given_up
        for giver in [holding.party(PartyRole.PROVIDER)]
        for taker in takers[holding.thing]
        if taker != giver
    ]


def provided(holdings: Holdings, code: str, on: date) -> list[Holding]:
    """What a body provides on a day."""
    return [
        each
        for each in holdings.of(code, on)
        if each.kind is HoldingKind.PROVISION and each.party(PartyRole.PROVIDER) == code
    ]


# --- what is left with a trust --------------------------------------------------------------------------------------


def community_provider(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`community-provider`: which community services come over from which trust, and what is left with it (Goodwin
    2001, lines 605-621): a residue may be more than it can sustain."""
    request = plan.request
    if request is None:
        return None
    from_trusts = [each for each in passages(plan) if _is_provider(plan.before, each.giver, request.effective_on)]
    if from_trusts:
        by_giver: dict[str, list[Passage]] = defaultdict(list)
        for each in from_trusts:
            by_giver[each.giver].append(each)
        messages = [_coming_over(plan, request.effective_on, giver, going) for giver, going in by_giver.items()]
        return check.unmet(" ".join(messages), RESIDUE_SOURCE)
    return _nothing_comes_over(request, plan.after, check) if check.declared else None


def _coming_over(plan: Plan, on: date, giver: str, going: list[Passage]) -> str:
    """What comes over from one trust, and its residue in services, pounds and staff."""
    services = [each.holding for each in going]
    before, after = provided(held_in(plan.before), giver, on), provided(held_in(plan.after), giver, on)
    income, residue = known(before, "annual_value"), known(after, "annual_value")
    left = f"{counted(len(after), 'service', 'services')} of {len(before)}"
    if income:
        left += f", {pounds(residue)} a year ({per_cent(residue, income)} of what its services bring in)"
    left += f" and {known(after, 'wte'):,} whole-time equivalent staff"
    costs, staff = (sum(each.amount(name) is None for each in before) for name in ("annual_value", "wte"))
    message = (
        f"{titles(services, held_in(plan.before))} ({pounds(known(services, 'annual_value'))} a year, "
        f"{known(services, 'wte'):,} whole-time equivalent) would come to "
        f"{named(dict.fromkeys(each.receiver for each in going), plan.after)} from {named([giver], plan.before)}, "
        f"which would be left with {left}."
    )
    message += f" The cost of {counted(costs, 'service', 'services')} is not known." if costs else ""
    return message + (f" The staff of {counted(staff, 'service', 'services')} are not known." if staff else "")


def _nothing_comes_over(request: ChangeRequest, after: Snapshot, check: AppliedCheck) -> Finding:
    """A step to where community services are provided that brings none."""
    on, holdings = request.effective_on, held_in(after)
    own = [each for code in check.bodies for each in provided(holdings, code, on)]
    if own:
        return check.met(
            f"It provides {counted(len(own), 'community service', 'community services')} itself, and none is taken "
            "from another trust by this change.",
            RESIDUE_SOURCE,
        )
    others = [
        each
        for code in check.bodies
        for each in holdings.of(code, on)
        if each.kind is HoldingKind.PROVISION and each.party(PartyRole.POPULATION_OF) == code
    ]
    if not others:
        return check.unsure("Who provides community services for its people is not held here.", RESIDUE_SOURCE)
    providers = named(dict.fromkeys(each.party(PartyRole.PROVIDER) for each in others), after)
    return check.unmet(
        f"It would provide community services, and none comes over with this change. Still with {providers}: "
        f"{titles(others, holdings)}. A transfer names those that are to come.",
        RESIDUE_SOURCE,
    )


def _is_provider(state: Snapshot, code: str, on: date) -> bool:
    return _family(state, code, on) is Family.NHS_PROVIDERS


def _family(state: Snapshot, code: str, on: date) -> Family | None:
    body = state.bodies.get(code)
    form = state.forms.get(body.form_on(on) or "") if body is not None else None
    return None if form is None else form.family


# --- the only provider ----------------------------------------------------------------------------------------------


def monopoly(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`monopoly`: a provider would become the only one that a population has: as an independent body it gives patients
    no more choice than the trust's own services did (King's Fund 2009, lines 27-31)."""
    request = plan.request
    if request is None:
        return None
    on, holdings = request.effective_on, held_in(plan.after)
    messages, provides = [], False
    for code in check.bodies:
        if code in request.originals and request.kind is ChangeKind.SEPARATION:
            continue  # the trust that the services leave
        own = provided(holdings, code, on)
        provides = provides or bool(own)
        alone = _alone_for(holdings, code, own, on)
        for people, only in alone.items():
            messages.append(
                f"{named([code], plan.after)} would be the only provider of {titles(only, holdings)} for the people of "
                f"{named([people], plan.after)}."
            )
        if alone and _family(plan.after, code, on) is Family.PROVIDER_ARM_INDEPENDENT:
            messages.append("It would be independent of the NHS.")
    if messages:
        return check.unmet(" ".join(messages), MONOPOLY_SOURCE)
    if not provides:
        return check.unsure("Which services it would provide is not held here.", MONOPOLY_SOURCE)
    return check.met("Somebody else provides each of its services for the same people.", MONOPOLY_SOURCE)


def _alone_for(holdings: Holdings, provider: str, own: list[Holding], on: date) -> Mapping[str, list[Holding]]:
    """By population, the services that nobody but the provider gives it. What is provided for the people that a body of
    the change serves is known here, whoever provides it and whoever answers for those people."""
    alone: dict[str, list[Holding]] = {}
    for people in dict.fromkeys(each.party(PartyRole.POPULATION_OF) for each in own):
        elsewhere = {
            service
            for each in holdings.of(people, on)
            if each.kind is HoldingKind.PROVISION
            and each.party(PartyRole.POPULATION_OF) == people
            and each.party(PartyRole.PROVIDER) != provider
            for service in holdings.items[each.thing].services
        }
        only = [
            each
            for each in own
            if each.party(PartyRole.POPULATION_OF) == people and not holdings.items[each.thing].services & elsewhere
        ]
        if only:
            alone[people] = only
    return alone


# --- grouped first --------------------------------------------------------------------------------------------------


def coherence_first(plan: Plan, check: AppliedCheck) -> Finding | None:
    """`coherence-first`: the arm's portfolio was grouped by strategic coherence before a form was chosen for it (King's
    Fund 2009, lines 297-301)."""
    request = plan.request
    if request is None or request.kind is not ChangeKind.SEPARATION:
        return None
    on, before = request.effective_on, held_in(plan.before)
    (trust,) = request.originals
    groups = [each for each in before.of(trust, on) if each.kind is HoldingKind.GROUP]
    grouped = {service for each in groups for service in before.items[each.thing].services}
    going = [each.holding for each in passages(plan) if each.giver == trust]
    if not going:
        return check.unsure(
            "No service is named that would go with it. Group the arm's services by what belongs together, then name "
            "the group in moves.",
            COHERENCE_SOURCE,
        )
    loose = [each for each in going if not before.items[each.thing].services & grouped]
    if loose:
        return check.unmet(
            f"In no group of the trust's portfolio: {titles(loose, before)}. The form was chosen before it was settled "
            "which services belong together.",
            COHERENCE_SOURCE,
        )
    kept = listed(dict.fromkeys(before.items[each.thing].title for each in groups))
    return check.met(
        f"Every service that goes is in a group of the trust's portfolio ({kept}).",
        COHERENCE_SOURCE,
    )
