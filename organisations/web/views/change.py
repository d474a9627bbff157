"""One change: what it is and did, how it stands, and the steps people take with it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from organisations.contributors import contributors
from organisations.domain.lifecycle import OPEN_STATUSES, Step
from organisations.domain.vocabulary import ChangeStatus
from organisations.models import Change, Consultation, Organisation, PolicyCheck, Source
from organisations.models.reference import rules_only
from organisations.panels import panels_of_change
from organisations.policies import ChangePermission, steps_open_to
from organisations.read_models.changes import ChangeDetail
from organisations.selectors import changes as queries
from organisations.selectors import proposals
from organisations.selectors.periods import names_in_record, names_of
from organisations.services import outcomes
from organisations.services.amendments import amend, name_collaborators
from organisations.services.proposals import comment_on, decide, look_at
from organisations.web.presenters import changes as present
from organisations.web.presenters import proposal as parts
from organisations.web.presenters.change_forms import (
    ChangeForm,
    CollaboratorsForm,
    CommentForm,
    ConsultationForm,
    EvidenceForm,
    StepForm,
)
from organisations.web.presenters.proposing.body_effects import effects_by_body
from organisations.web.presenters.proposing.preview import Shown, shown, total_rows
from pcorg.core.accounts.roles import actor_of
from pcorg.core.audit.memory import one_version, recall
from pcorg.core.forms.address import Address
from pcorg.core.http import budgets
from pcorg.core.pages.pagination import pages
from pcorg.core.pages.refusals import status_of
from pcorg.core.pages.scope import Scope, scope_of
from pcorg.core.policies import Actor, can
from pcorg.core.refusals import Invalid, NoLongerPossible, NotFound, Problem, Refusal, StaleVersion, require
from pcorg.core.values import whole_or_none

ORIGINALS_A_PAGE = 25
STALE = (
    "Somebody else acted on this change while you had it open, so nothing was done. The page shows it as it stands "
    "now, and what you wrote is kept: look again before you go on."
)
ADDED: dict[str, type[EvidenceForm | ConsultationForm]] = {"evidence": EvidenceForm, "consultation": ConsultationForm}
"""What is added to an open proposal, by the part of the page that sends it."""


@require_safe
def change(request: HttpRequest, number: int) -> HttpResponse:
    """One change: originals and resulting bodies, shares, moves, decisions, what the checks found, and for a proposal
    how it stands now."""
    return _page(request, number)


@never_cache
@login_required
@require_POST
def step(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Takes a step with a change, on the version that the page showed."""
    if name not in set(Step):
        raise Http404(f"There is no step called {name}.")
    form = StepForm(request.POST, step=Step(name))
    if not form.is_valid():
        return _page(request, number, form, 422)
    try:
        made = decide(
            change_id=number,
            step=form.step,
            by=actor_of(request.user),
            comment=form.cleaned_data["comment"],
            overrides=form.overrides,
            expected=_version(request),
        )
    except Refusal as fault:
        return _refused(request, number, form, fault)
    messages.success(request, f"{made.title}: {ChangeStatus.stored(made.status).label.lower()}.")
    return redirect(scope_of(request).link("change", number))


@never_cache
@login_required
@require_safe
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Before a change is carried out: what that would do, once more, and the button that does it."""
    by = actor_of(request.user)
    change = _proposal(number, by)
    if not can(by, ChangePermission.EFFECT, change):
        return redirect(scope_of(request).link("change", number))
    scope = scope_of(request)
    shown_preview, impossible = _preview_shown(change, scope)
    context = {
        "scope": scope,
        "change": change,
        "preview": shown_preview,
        "impossible": impossible,
        "gives_evidence": False,
    }
    context["form"] = StepForm(step=Step.EFFECT)
    return render(request, "organisations/effect.jinja", context)


@never_cache
@login_required
@require_POST
def comment(request: HttpRequest, number: int) -> HttpResponse:
    """Says something about a proposal."""
    form, by = CommentForm(request.POST), actor_of(request.user)
    try:
        require(by, ChangePermission.COMMENT)
        if not form.is_valid():
            return _page(request, number, form, 422)
        _proposal(number, by)
        comment_on(change_id=number, by=by, text=form.cleaned_data["text"])
    except Refusal as fault:
        return _refused(request, number, form, fault)
    messages.success(request, "Your comment is added.")
    return redirect(scope_of(request).link("change", number) + "#comments")


@never_cache
@login_required
@require_POST
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Adds to an open proposal: news of the consultation, or evidence."""
    part = request.POST.get("part", "")
    form = ADDED.get(part, ChangeForm)(request.POST)
    if not form.is_valid():
        return _page(request, number, form, 422)
    try:
        amend(
            change_id=number,
            by=actor_of(request.user),
            evidence=form.cleaned_data if isinstance(form, EvidenceForm) else None,
            consultation=form.news if isinstance(form, ConsultationForm) else None,
            expected=_version(request),
        )
    except Refusal as fault:
        return _refused(request, number, form, fault)
    messages.success(request, "The consultation is recorded." if part == "consultation" else "The evidence is added.")
    return redirect(scope_of(request).link("change", number))


@never_cache
@login_required
@require_POST
def collaborators(request: HttpRequest, number: int) -> HttpResponse:
    """Names who works on a change beside its owner, one user name to a line."""
    form, by = CollaboratorsForm(request.POST), actor_of(request.user)
    try:
        name_collaborators(change_id=number, names=form.sent["collaborators"], by=by, expected=_version(request))
    except Refusal as fault:
        return _refused(request, number, form, fault)
    messages.success(request, "It is kept who works on this change.")
    return redirect(scope_of(request).link("change", number) + "#people")


def _version(request: HttpRequest) -> int:
    """The version of the change that the page showed; none that exists where the form does not say."""
    return whole_or_none(request.POST.get("version", "")) or 0


def _proposal(number: int, by: Actor) -> Change:
    change = Change.objects.visible_to(by).filter(pk=number, recorded=False).first()
    if change is None:
        raise Http404(f"No proposal has the number {number}.")
    return change


def _refused(request: HttpRequest, number: int, form: ChangeForm, fault: Refusal) -> HttpResponse:
    """The page as it stands now, with the reasons of the refusal and what was typed."""
    status = 409
    match fault:
        case NotFound():
            raise Http404(f"No change has the number {number}.")
        case StaleVersion():
            form.add_error(None, STALE)
        case Invalid():
            form.add_problems(("", problem.message) for problem in fault.problems)
        case _:
            form.refuse(fault.problems or [Problem(fault.code, fault.message)], _checks())
            status = 409 if fault.code == "own-proposal" else status_of(fault)
    return _page(request, number, form, status)


@one_version()
def _page(request: HttpRequest, number: int, refused: ChangeForm | None = None, status: int = 200) -> HttpResponse:
    scope, errors = scope_of(request), refused.summary if refused else []
    detail = queries.detail(number, actor_of(request.user))
    change = Change.objects.prefetch_related("authors", "collaborators").get(pk=number)
    page = present.page(detail, lives=_lives(detail), checks=_checks(), sources=_sources(), scope=scope)
    address = Address.of(request)
    query = {"body": address.text("body"), "shares": address.choice("shares", present.SHARES)}
    found = present.sift(page.givers, **query)
    paginator = Paginator(found, ORIGINALS_A_PAGE)
    sheet = paginator.get_page(address.page)
    context = {
        "scope": scope,
        "page": page,
        "proposal": None if change.recorded else _part(request, change, detail, scope, refused),
        "outcome": _outcome(change, detail) if change.status == ChangeStatus.EFFECTED else None,
        "errors": errors,
        "givers": list(sheet.object_list),
        "givers_total": paginator.count,
        "edges_asked": query,
        "edges_searchable": len(page.givers) > ORIGINALS_A_PAGE,
        "edge_pages": pages(sheet, lambda place: scope.link("change", number, **query, page=place) + "#shares"),
        "api": f"/api/v1/changes/{number}/",
        "csv": scope.link("shares-csv", number, **query) if page.givers else None,
        "gives_evidence": False,
        "panels": panels_of_change(number, scope, actor_of(request.user), to_assess=_to_assess(request, change)),
    }
    return render(request, "organisations/change.jinja", context, status=status)


def _to_assess(request: HttpRequest, change: Change) -> bool:
    """Whether the reader is offered to appraise a change: an open proposal, and they may, or may yet sign in."""
    if change.recorded or change.status not in OPEN_STATUSES:
        return False
    return not request.user.is_authenticated or can(actor_of(request.user), ChangePermission.PROPOSE).allowed


def _lives(detail: ChangeDetail) -> dict[str, present.Life]:
    named = {code for move in detail["moves"] for code in (move["from"], move["to"])}
    named |= {code for edge in detail["edges"] for code in (edge["original"], edge["resulting"])}
    named |= {*detail["originals"], *detail["resulting"]}
    rows = Organisation.objects.filter(code__in=named).values_list("code", "opened", "closed")
    return {code: (opened, closed) for code, opened, closed in rows}


def _part(
    request: HttpRequest, change: Change, detail: ChangeDetail, scope: Scope, refused: ChangeForm | None
) -> parts.ProposalPart:
    """What the page of a proposal adds; a form that was refused stands in its place."""
    by, status = actor_of(request.user), ChangeStatus(change.status)
    is_open = status in OPEN_STATUSES
    shown_preview, impossible = _preview_shown(change, scope) if is_open else (None, [])
    steps = steps_open_to(by, change)
    forms = [_step_form(step, refused) for step in steps]
    for form in forms:
        if form.step is Step.APPROVE:
            form.ask_overrides(shown_preview.findings if shown_preview else [])
    consultation = Consultation.objects.filter(change=change).first()
    news = evidence = naming = commenting = None
    may_add = can(by, ChangePermission.AMEND, change).allowed
    if may_add:
        news = refused if isinstance(refused, ConsultationForm) else ConsultationForm(held=consultation)
        evidence = refused if isinstance(refused, EvidenceForm) else EvidenceForm()
        evidence.ask_evidence(
            change, _checks(), {each.code for each in shown_preview.findings} if shown_preview else _checks().keys()
        )
    if can(by, ChangePermission.NAME_COLLABORATORS, change):
        now = {"collaborators": [each.name for each in change.collaborators.all()]}
        naming = refused if isinstance(refused, CollaboratorsForm) else CollaboratorsForm(initial=now)
    if can(by, ChangePermission.COMMENT):
        commenting = refused if isinstance(refused, CommentForm) else CommentForm()
    return parts.ProposalPart(
        number=change.pk,
        version=change.version,
        colour=parts.COLOURS[status],
        is_open=is_open,
        owner=detail["owner"],
        collaborators=detail["collaborators"],
        naming=naming,
        own_draft=can(by, ChangePermission.EDIT_DRAFT, change).allowed,
        voids=may_add and status is ChangeStatus.APPROVED,
        flag=change.flag,
        rivals=parts.rivals(proposals.rivals_of(change, by), scope) if is_open else [],
        impossible=impossible,
        preview=shown_preview,
        steps=forms,
        why_none=parts.why_nothing(change, by, steps, signed_in=request.user.is_authenticated),
        consultation=consultation,
        news=news,
        evidence=evidence if evidence and evidence.fields else None,
        comments=[parts.Saying(**row) for row in detail["comments"]],
        comment=commenting,
        again=scope.link("propose-kind", change.kind, again=change.pk) if can(by, ChangePermission.PROPOSE) else "",
    )


def _step_form(step: Step, refused: ChangeForm | None) -> StepForm:
    return refused if isinstance(refused, StepForm) and refused.step is step else StepForm(step=step)


def _preview_shown(change: Change, scope: Scope) -> tuple[Shown | None, list[str]]:
    """The preview of a proposal as it stands now, or why it can no longer be made."""
    try:
        shown_preview = look_at(change)
    except NoLongerPossible as refusal:
        return None, [problem.message for problem in refusal.problems]
    except budgets.NotBegun as refused:
        return None, [str(refused)]
    status = ChangeStatus(change.status)
    return shown(shown_preview, checks=_checks(), sources=_sources(), scope=scope, status=status), []


def _outcome(change: Change, detail: ChangeDetail) -> parts.ProposalOutcome:
    """Return the outcome of an effected change, cached for the present data."""

    def work_out() -> parts.ProposalOutcome:
        codes = list(dict.fromkeys((*detail["originals"], *detail["resulting"])))
        before, after = outcomes.totals_around(change, detail["originals"], detail["resulting"])
        effects = outcomes.effects_of_change(change)
        bodies = {*codes, *(code for effect in effects for code in effect.bodies())}
        bodies |= {code for effect in effects for each in contributors() for code in each.bodies_in(effect)}
        names = detail["names"] | (names_in_record if change.undone_by_id else names_of)(bodies, on=change.effective_on)
        forms = {slug: facts.label for slug, facts in rules_only().forms.items()}
        by_body = effects_by_body(effects, lambda code: names.get(code, code), forms)
        return parts.ProposalOutcome(change.effective_on - timedelta(days=1), total_rows(before, after), by_body)

    return recall(("outcome", change.pk), work_out)


def _checks() -> dict[str, PolicyCheck]:
    return recall("checks", PolicyCheck.objects.in_bulk)


def _sources() -> dict[str, Source]:
    return recall("sources", Source.objects.in_bulk)
