"""Propose a change: choose its kind, fill in its form, see what would come of it, save it or put it forward."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organisations.domain.vocabulary import ChangeKind, SettledBy
from organisations.models import Change, PolicyCheck, Source
from organisations.models.reference import rules_only
from organisations.policies import ChangePermission
from organisations.selectors import choosing
from organisations.services.amendments import edit_draft
from organisations.services.previews import Preview, preview
from organisations.services.proposals import propose
from organisations.specs.change import ProposedChange, as_saved, proposed
from organisations.web.presenters.proposing.bodies import Slots, suited_forms
from organisations.web.presenters.proposing.entry import Faults, ProposalEntry, read
from organisations.web.presenters.proposing.form import FieldMaker, Offer
from organisations.web.presenters.proposing.initial import typed_from
from organisations.web.presenters.proposing.kinds import SHAPES, FormShape
from organisations.web.presenters.proposing.preview import shown
from organisations.web.presenters.proposing.rows import altered, with_members
from pcorg.core.accounts.roles import actor_of, actor_who_may
from pcorg.core.audit.memory import recall
from pcorg.core.forms.address import Address
from pcorg.core.forms.fields import summary
from pcorg.core.forms.typed import Typed
from pcorg.core.pages.scope import ALL, Scope, scope_of
from pcorg.core.policies import Actor, can
from pcorg.core.refusals import Invalid, NotFound, Problem, Refusal, StaleVersion
from pcorg.core.values import day_typed, whole_or_none

OVERTAKEN = (
    "Somebody else saved this draft while you had it open, so nothing was saved. What you typed is kept below: read "
    "the draft as it stands now, and save again if yours is to take its place."
)

ASKING = ("preview", "live", "draft", "propose")
"""Submits that ask what would come of it; the others only bring the form up to date."""


@dataclass
class Submission:
    """What a submit led to: faults by field, the proposal where it can be read, and its preview; the version that a
    draft has come to where somebody else wrote on it meanwhile."""

    faults: Faults = field(default_factory=list)
    change: ProposedChange | None = None
    preview: Preview | None = None
    blocked: Faults = field(default_factory=list)
    version_now: str = ""


@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    """The kinds of change, each explained in a line."""
    scope, address = scope_of(request), Address.of(request)
    original, effective_on = address.text("original"), address.text("effective_on")
    prefilled = {"originals-0": original} if original else {}
    prefilled |= {"effective_on": effective_on} if effective_on else {}
    context = {
        "scope": scope,
        "original": original,
        "may_propose": not request.user.is_authenticated
        or can(actor_of(request.user), ChangePermission.PROPOSE).allowed,
        "kinds": [
            (shape, scope.link("propose-kind", kind.value, **(prefilled if shape.originals[1] else {})))
            for kind, shape in SHAPES.items()
            if not (original and shape.originals[1] == 0)
        ],
    }
    return render(request, "organisations/propose-kinds.jinja", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of a kind. Every submit answers with the form as it was filled in, save one that went through."""
    if kind not in set(ChangeKind):
        raise Http404(f"There is no kind of change called {kind}.")
    by = actor_who_may(request.user, ChangePermission.PROPOSE)
    scope, shape = scope_of(request), SHAPES[ChangeKind(kind)]
    typed = _typed(request, shape, by)
    entry, offer = _read(typed, shape, scope)
    submit = next((name for name in ASKING if name in request.POST), "")
    submission = _ask(entry) if submit else Submission()
    if submit in {"draft", "propose"} and submission.change is not None and not submission.faults:
        made = _put_forward(submission, by, entry, draft=submit == "draft")
        if made is not None:
            words = "The draft is saved." if submit == "draft" else "The change is proposed."
            messages.success(request, f"{words} Its number is {made.pk}.")
            return redirect(scope.link("change", made.pk))
    refused = submit in {"draft", "propose"} or (submit == "preview" and bool(submission.faults))
    faults = [*submission.faults, *submission.blocked] if refused else []
    context = {
        "scope": scope,
        "shape": shape,
        "form": FieldMaker(entry, offer, _by_field(faults)).form(),
        "action": scope.link("propose-kind", kind),
        "draft": typed["earlier"],
        "version": submission.version_now or typed["version"],
        "errors": summary(faults),
        "wanting": [message for _, message in submission.faults] if submit == "live" else [],
        "asked": bool(submit),
        "preview": submission.preview
        and shown(submission.preview, checks=_checks(), sources=recall("sources", Source.objects.in_bulk), scope=scope),
    }
    return render(request, "organisations/propose.jinja", context, status=422 if faults else 200)


def _typed(request: HttpRequest, shape: FormShape, by: Actor) -> Typed:
    """What is in the form: what was sent, else what the address or an earlier change fills in."""
    if request.method == "POST":
        typed = Typed.of(request.POST)
        add = typed["add"]
        least = {"originals": max(shape.originals[0], 1), "resulting": shape.new[0]}.get(add, 1)
        least = 0 if add == "moves" else least
        return altered(typed, add=add, remove=typed["remove"], least=least)
    typed = Typed.of(request.GET)
    again = Address.of(request).number("again")
    if again is not None:
        earlier = Change.objects.visible_to(by).filter(pk=again, recorded=False).first()
        if earlier is not None and _readable(earlier):
            typed = typed_from(earlier, by=by).put(dict(typed))
    if not typed["effective_on"]:
        typed = typed.put({"effective_on": scope_of(request).on.isoformat()})
    return typed


def _readable(earlier: Change) -> bool:
    """Whether an earlier proposal can still be read; else the form stays as its address fills it in."""
    try:
        as_saved(earlier.particulars)
    except Invalid:
        return False
    return True


def _read(typed: Typed, shape: FormShape, scope: Scope) -> tuple[ProposalEntry, Offer]:
    on = day_typed(typed["effective_on"]) or scope.on
    portfolio = typed["portfolio"] or scope.portfolio
    each_portfolio = {shown.slug for shown in scope.portfolios}
    portfolio = portfolio if portfolio in {*each_portfolio, ALL} else scope.portfolio
    bodies = choosing.in_force(on, portfolio=portfolio)
    declared = rules_only()
    graph, forms = declared.graph, declared.forms
    suited = suited_forms(shape, graph, forms, on=on)
    slots = Slots(typed, bodies, suited=suited, on=on)
    codes = [slot.chosen.code for slot in ProposalEntry(shape, typed, on, slots).originals if slot.chosen]
    members = choosing.members_of(codes, on=on) if shape.lists_members and codes else {}
    if shape.lists_members:
        typed = with_members(typed, members)
    slots = Slots(typed, bodies, suited=suited, on=on)
    entry = read(shape, typed, slots, otherwise=scope.on, portfolio=portfolio if portfolio in each_portfolio else None)
    if slots.settled:
        entry.typed = entry.typed.put(slots.settled)
    settling = [check for check in _checks().values() if check.settled_by != SettledBy.DATA]
    return entry, Offer(graph, forms, settling, list(scope.portfolios), members)


def _ask(entry: ProposalEntry) -> Submission:
    """Preview the proposal as far as possible."""
    submission = Submission(list(entry.faults))
    if not entry.ready:
        return submission
    try:
        submission.change = proposed(ProposedChange, entry.data)
        submission.preview = preview(spec=submission.change)
    except Invalid as refusal:
        submission.faults += entry.faults_for(refusal.problems)
        submission.preview = None
    return submission


def _put_forward(submission: Submission, by: Actor, entry: ProposalEntry, *, draft: bool) -> Change | None:
    """The change that was saved; None where the engine refuses it, with the reasons noted by field."""
    assert submission.change is not None
    earlier = whole_or_none(entry.typed["earlier"])
    try:
        if earlier is not None:
            expected_version = whole_or_none(entry.typed["version"]) or 0
            return edit_draft(
                change_id=earlier, spec=submission.change, by=by, expected=expected_version, put_forward=not draft
            )
        return propose(spec=submission.change, by=by, draft=draft)
    except Invalid as refusal:
        submission.faults += entry.faults_for(refusal.problems)
    except NotFound:
        submission.blocked = [("what-heading", "The draft you were going on with is not there any more.")]
    except StaleVersion:
        current_version = (
            Change.objects.visible_to(by).filter(pk=earlier or 0).values_list("version", flat=True).first()
        )
        submission.version_now, submission.blocked = str(current_version or ""), [("draft", OVERTAKEN)]
    except Refusal as refusal:
        problems = refusal.problems or [Problem(refusal.code, refusal.message)]
        submission.blocked = [(_where(problem, entry), problem.message) for problem in problems]
    return None


def _where(problem: Problem, entry: ProposalEntry) -> str:
    """Return the anchor of the finding that blocks."""
    return f"finding-{problem.code}" if problem.code in _checks() else entry.field_of(problem)


def _by_field(faults: Faults) -> dict[str, str]:
    """The first fault of each field."""
    found: dict[str, str] = {}
    for name, words in faults:
        found.setdefault(name, words)
    return found


def _checks() -> dict[str, PolicyCheck]:
    known: dict[str, Any] = recall("checks", PolicyCheck.objects.in_bulk)
    return dict(sorted(known.items(), key=lambda pair: pair[1].position))
