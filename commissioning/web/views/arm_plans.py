"""The planner of a trust's provider arm, and the plans kept with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commissioning.models import ArmPlan
from commissioning.models.reference import LEGAL_ATTRIBUTES
from commissioning.policies import ArmPlanPermission
from commissioning.selectors import arm_plans as queries
from commissioning.services.arm_plans import discard_plan, keep_plan, name_collaborators, propose_plan, stated
from commissioning.services.arm_previews import Ground, WorkedPlan, follow, ground_of, work_out_on, work_out_plan
from commissioning.web.presenters.arm_planner import board, entry, kept, outcome, side_by_side
from commissioning.web.presenters.arm_planner.entry import ArmPlanEntry, Faults
from organisations.models import Organisation, PolicyCheck, Source
from organisations.selectors import choosing, organisations
from organisations.selectors.periods import names_of
from pcorg.core.accounts.roles import actor_of, actor_who_may
from pcorg.core.audit.memory import one_version, recall
from pcorg.core.forms.address import Address
from pcorg.core.forms.base import summary_of
from pcorg.core.forms.stated import CollaboratorsField, StatedForm
from pcorg.core.forms.typed import Typed
from pcorg.core.pages.refusals import messages_of, status_of
from pcorg.core.pages.scope import Scope, scope_showing
from pcorg.core.people import name_shown_to, names_now
from pcorg.core.policies import can
from pcorg.core.refusals import NotFound, Problem, Refusal, StaleVersion, Unacceptable
from pcorg.core.values import day_typed, whole_or_none

ASKING = ("preview", "live", "keep")
"""Submits that ask what would come of it; the others only bring the form up to date."""


class CollaboratorsForm(StatedForm):
    """Who works on a plan beside its owner."""

    collaborators = CollaboratorsField(hint="They may alter and propose it")


@dataclass
class Tried:
    """A plan that was tried: what it stands on, what was entered, what came of it and what is wrong by field."""

    ground: Ground
    entry: ArmPlanEntry
    worked: WorkedPlan | None = None
    faults: Faults = field(default_factory=list)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def planner(request: HttpRequest, code: str) -> HttpResponse:
    """Groups services, chooses a form for each group, shows the path and the end. Anybody may try; commissioners keep
    plans."""
    submit = next((name for name in ASKING if name in request.POST), "")
    with one_version():
        trust, scope = _about(request, code)
        tried = _tried(request, trust, scope)
    if submit == "keep" and tried.worked is not None and not tried.faults:
        plan = _keep(tried, actor_who_may(request.user, ArmPlanPermission.KEEP))
        if plan is not None:
            messages.success(request, "The plan is kept. Nothing is proposed yet.")
            return redirect(scope.link("arm-plan", code, plan.pk))
    with one_version():
        return _planner_page(request, trust, scope, tried, tried.faults if submit in {"preview", "keep"} else [])


def _planner_page(
    request: HttpRequest, trust: Organisation, scope: Scope, tried: Tried, refused: Faults
) -> HttpResponse:
    code, by = trust.pk, actor_of(request.user)
    shown = [slug for slug in queries.options() if tried.entry.typed[f"show-{slug}"]]
    chosen = [slug for slug in _forms_of(tried.entry) if slug in queries.options()]
    context = {
        "scope": scope,
        "trust": {"code": code, "name": tried.ground.trust_name, "href": scope.link("organisation", code)},
        "illustrative": trust.portfolio.illustrative,
        "action": scope.link("arm-planner", code),
        "plan": tried.entry.typed["plan"],
        "version": tried.entry.typed["version"],
        "board": board.board(
            tried.entry,
            tried.ground,
            tried.worked,
            catalogue=queries.catalogue(),
            options=queries.options(),
            errors=_by_field(refused),
        ),
        "provided": len(tried.entry.provided),
        "ticks": side_by_side.ticks(queries.options(), shown),
        "attributes": list(LEGAL_ATTRIBUTES.values()),
        "sides": side_by_side.sides(queries.options(), shown or chosen, _sources(), scope),
        "seen": _plan_shown(tried.worked, scope) if tried.worked and not tried.worked.problems else None,
        "wanting": _wanting(tried),
        "errors": summary_of(refused),
        "plans": [
            (
                plan,
                scope.link("arm-plan", code, plan.pk),
                name_shown_to(by, plan.proposed_by or plan.kept_by, queries.COMMISSIONER),
            )
            for plan in queries.plans_of(code)
        ],
        "by": by,
        "examples": [] if tried.entry.provided else _examples(scope),
        "from_catalogue": scope.link("arm-planner", code, start_from="catalogue"),
        "from_record": scope.link("arm-planner", code),
        "started_from_record": bool(tried.entry.typed["groups-0-group"]),
    }
    return render(request, "commissioning/arm-planner.jinja", context, status=422 if refused else 200)


@never_cache
@require_safe
def plan(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A kept plan: its path, with the status of each step once it is proposed, and the end it leads to."""
    return _plan_page(request, code, number, [], 200)


@never_cache
@login_required
@require_POST
def propose(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Proposes every step of a kept plan, all or none."""
    by = actor_who_may(request.user, ArmPlanPermission.PROPOSE)
    plan = _plan(code, number)
    try:
        made = propose_plan(plan_id=plan.pk, by=by, expected=_version(request))
    except Unacceptable as fault:
        return _plan_page(request, code, number, [problem.message for problem in fault.problems], 422)
    except Refusal as fault:
        return _refused(request, code, number, fault)
    steps = made.groups.exclude(change=None).count()
    messages.success(request, f"{'1 step is' if steps == 1 else f'{steps} steps are'} proposed.")
    return redirect(_about(request, code)[1].link("arm-plan", code, number))


@never_cache
@login_required
@require_POST
def discard(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Throws away a plan that is not proposed."""
    by = actor_who_may(request.user, ArmPlanPermission.DISCARD)
    plan = _plan(code, number)
    try:
        discard_plan(plan_id=plan.pk, by=by, expected=_version(request))
    except Refusal as fault:
        return _refused(request, code, number, fault)
    messages.success(request, "The plan is thrown away.")
    return redirect(_about(request, code)[1].link("arm-planner", code))


@never_cache
@login_required
@require_POST
def collaborators(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Names who works on a plan beside its owner."""
    plan, names = _plan(code, number), CollaboratorsForm(request.POST).sent["collaborators"]
    try:
        name_collaborators(plan_id=plan.pk, names=names, by=actor_of(request.user), expected=_version(request))
    except Refusal as fault:
        return _refused(request, code, number, fault)
    messages.success(request, "Who works on it is saved.")
    return redirect(_about(request, code)[1].link("arm-plan", code, number))


def _about(request: HttpRequest, code: str) -> tuple[Organisation, Scope]:
    scope = scope_showing(request, organisations.found(code).portfolio_id)
    return organisations.found(code, on=scope.on), scope


def _plan(code: str, number: int) -> ArmPlan:
    plan = ArmPlan.objects.prefetch_related("collaborators").filter(pk=number, organisation=code).first()
    if plan is None:
        raise Http404(f"{code} has no plan {number}.")
    return plan


def _tried(request: HttpRequest, trust: Organisation, scope: Scope) -> Tried:
    """Work out the plan that was entered, as far as possible."""
    code = trust.pk
    sent = Typed.of(request.POST) if request.method == "POST" else None
    start = (day_typed(sent["start"]) if sent else None) or scope.on
    faults: Faults = []
    try:
        ground = ground_of(code, start)
    except Unacceptable as refusal:
        faults += [("start", problem.message) for problem in refusal.problems]
        ground = ground_of(code, scope.on)
    typed = _opening(request, ground, scope) if sent is None else sent
    if sent is None and day_typed(typed["start"]) != ground.on:  # a kept plan counts from a day of its own
        ground = ground_of(code, day_typed(typed["start"]) or scope.on)
    provided = [service for service in queries.catalogue() if service in ground.services]
    tried = Tried(ground, entry.read(entry.altered(typed, provided), code, provided))
    tried.faults = [*faults, *tried.entry.faults]
    if tried.entry.asked is not None and not faults and provided:
        tried.worked = work_out_on(ground, tried.entry.asked)
        problems = [*tried.worked.problems, *(problem for step in tried.worked.steps for problem in step.problems)]
        tried.faults += tried.entry.faults_for(problems)
    return tried


def _opening(request: HttpRequest, ground: Ground, scope: Scope) -> Typed:
    """What the form opens with: a kept plan, the recorded groups or, without them, those of the catalogue."""
    code, address = ground.trust.code, Address.of(request)
    number = address.number("plan")
    if number is not None:
        plan = _plan(code, number)
        mine = can(actor_of(request.user), ArmPlanPermission.KEEP, plan)
        again = {"plan": str(plan.pk), "version": str(plan.version)} if mine else {}
        return Typed({**entry.typed_from_plan(stated(plan)), **again})
    arm = queries.recorded_arm(code, scope.on)
    title, start = f"Provider arm of {ground.trust_name}"[:120], ground.on.isoformat()
    catalogue = queries.catalogue()
    provided = [service for service in catalogue if service in ground.services]
    if arm.groups and not address.choice("start_from", {"catalogue"}):
        return Typed(entry.typed_from_record(arm, title, start))
    return Typed(entry.typed_from_catalogue(provided, catalogue, arm, title, start))


def _keep(tried: Tried, by: Any) -> ArmPlan | None:
    """The plan that was kept; None where the action refuses it, with the reasons noted by field."""
    assert tried.entry.asked is not None
    number, version = (tried.entry.typed[name] for name in ("plan", "version"))
    try:
        return keep_plan(
            spec=tried.entry.asked, by=by, plan_id=whole_or_none(number), expected=whole_or_none(version) or 0
        )
    except Unacceptable as fault:
        tried.faults += tried.entry.faults_for(fault.problems)
    except NotFound:
        tried.faults.append(("", "The plan you were altering is gone. Keep this one as a new plan."))
        tried.entry.typed = tried.entry.typed.put({"plan": "", "version": ""})
    except Refusal as fault:
        tried.faults += tried.entry.faults_for(fault.problems or [Problem(fault.code, fault.message)])
        if isinstance(fault, StaleVersion):  # told so; what is typed may be kept in the place of what there is now
            now = ArmPlan.objects.values_list("version", flat=True).get(pk=whole_or_none(number) or 0)
            tried.entry.typed = tried.entry.typed.put({"version": str(now)})
    return None


@one_version()
def _plan_page(request: HttpRequest, code: str, number: int, refused: list[str], status: int) -> HttpResponse:
    trust, scope = _about(request, code)
    plan, by = _plan(code, number), actor_of(request.user)
    groups = list(plan.groups.select_related("change", "form").prefetch_related("services").order_by("on", "position"))
    name = choosing.in_force(scope.on, portfolio=trust.portfolio_id)[code].name
    naming = CollaboratorsForm.of(request, initial={"collaborators": names_now(plan.collaborators.all())})
    context: dict[str, Any] = {
        "scope": scope,
        "trust": {"code": code, "name": name, "href": scope.link("organisation", code)},
        "illustrative": trust.portfolio.illustrative,
        "plan": plan,
        "separation": kept.separation_of(plan),
        "stays": [group for group in groups if group.form is None],
        "refused": refused,
        "may_propose": bool(can(by, ArmPlanPermission.PROPOSE, plan)),
        "may_discard": bool(can(by, ArmPlanPermission.DISCARD, plan)),
        "people": {**queries.people_of(plan, by), "collaborators": queries.collaborators_of(plan, by)},
        "naming": naming if can(by, ArmPlanPermission.NAME_COLLABORATORS, plan) else None,
        "collaborators": scope.link("arm-plan-collaborators", code, plan.pk),
        "by": by,
        "alter": scope.link("arm-planner", code, plan=plan.pk),
        "planner": scope.link("arm-planner", code),
        "propose": scope.link("arm-plan-propose", code, plan.pk),
        "discard": scope.link("arm-plan-discard", code, plan.pk),
        "api": f"/api/v1/arm-plans/{plan.pk}/",
    }
    if plan.proposed_by:
        proposed = [group for group in groups if group.change is not None]
        followed = follow(code, plan.start, [group.change for group in proposed if group.change is not None])
        names = {**names_of(followed.ends, on=None), **{group.code: group.name for group in proposed}}
        context["progress"] = kept.progress(
            proposed,
            followed,
            name=lambda each: names.get(each, each),
            checks=_checks(),
            sources=_sources(),
            scope=scope,
        )
    else:
        worked = _worked(plan)
        context["seen"] = None if worked is None else _plan_shown(worked, scope)
        context["wanting"] = [] if worked is None else [problem.message for problem in _unready(worked)]
    return render(request, "commissioning/arm-plan.jinja", context, status=status)


def _worked(plan: ArmPlan) -> WorkedPlan | None:
    """A plan that is not proposed as it stands now; None where the trust is no longer in force on its day."""
    try:
        return work_out_plan(stated(plan))
    except Unacceptable:
        return None


def _unready(worked: WorkedPlan) -> list[Problem]:
    return [*worked.problems, *worked.wanting, *(problem for step in worked.steps for problem in step.problems)]


def _refused(request: HttpRequest, code: str, number: int, fault: Refusal) -> HttpResponse:
    status = status_of(fault)
    return _plan_page(request, code, number, [words for _, words in messages_of(fault)], status)


def _plan_shown(worked: WorkedPlan, scope: Scope) -> outcome.ShownPlan:
    labels = {slug: option.form.label for slug, option in queries.options().items()}
    return outcome.seen(worked, checks=_checks(), sources=_sources(), labels=labels, scope=scope)


def _wanting(tried: Tried) -> list[str]:
    messages = [message for _, message in tried.faults]
    return [*messages, *(problem.message for problem in (tried.worked.wanting if tried.worked else ()))]


def _forms_of(tried: ArmPlanEntry) -> list[str]:
    return [tried.typed[f"groups-{number}-form"] for number in range(tried.groups)]


def _examples(scope: Scope) -> list[tuple[str, str]]:
    """Where a planner has something to show, when this trust provides nothing on the day."""
    found = []
    for portfolio in scope.portfolios:
        code = queries.providing(portfolio.slug, portfolio.covers_to) if portfolio.illustrative else None
        if code is not None:
            found.append(
                (portfolio.title, scope.link("arm-planner", code, portfolio=portfolio.slug, as_of=portfolio.covers_to))
            )
    return found


def _version(request: HttpRequest) -> int:
    """The version that was seen; one that there never is where the form does not say."""
    return whole_or_none(request.POST.get("version", "")) or 0


def _by_field(faults: Faults) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, words in faults:
        found.setdefault(name, words)
    return found


def _sources() -> dict[str, Source]:
    return recall("sources", Source.objects.in_bulk)


def _checks() -> dict[str, PolicyCheck]:
    return recall("checks", PolicyCheck.objects.in_bulk)
