"""Changes: lists of them, and one with all it did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import cast

from django.db.models import prefetch_related_objects

from organisations.domain.changes import ChangeRequest
from organisations.domain.vocabulary import ChangeStatus
from organisations.models import (
    Change,
    ChangeCollaborator,
    ChangeComment,
    ChangeDecision,
    ChangeFinding,
    ChangeMove,
    ChangeParty,
    Consultation,
    LineageEdge,
)
from organisations.models.querysets import ChangeQuerySet
from organisations.policies import steps_open_to
from organisations.read_models.changes import (
    ChangeConsultation,
    ChangeDetail,
    ChangeEdge,
    ChangeLink,
    ChangeParticulars,
    ChangeParties,
    ChangeStep,
    CommentOnChange,
    FindingOfChange,
    SupersededEdge,
)
from organisations.selectors.lineage import share_text
from organisations.selectors.periods import names_in_record, names_of
from organisations.specs.change import as_saved
from organisations.specs.requests import to_request
from pcorg.core.people import name_shown_to
from pcorg.core.policies import Actor
from pcorg.core.read_models import rows_of
from pcorg.core.refusals import Invalid, NotFound


def listing(on: date | None = None, *, portfolio: str | None = None, by: Actor) -> ChangeQuerySet:
    """The changes of the chosen portfolios that somebody reads, in order of time; with a day, those that take effect on
    or before it."""
    changes = Change.objects.of_portfolio(portfolio).visible_to(by)
    return changes if on is None else changes.filter(effective_on__lte=on)


UNREADABLE = "unreadable"
"""Marks a change of which nobody can read any more what it asks for."""


def parties_of(changes: Iterable[int]) -> dict[int, ChangeParties]:
    """The codes of `originals` and `resulting` bodies by change: of those carried out the bodies that took part, of
    others those that are asked for; `problem` where that cannot be read. Two queries."""
    numbers = list(changes)
    found = _took_part(numbers)
    proposals = Change.objects.filter(pk__in=numbers, recorded=False).exclude(status=ChangeStatus.EFFECTED)
    for proposal in proposals.only("pk", "portfolio_id", "particulars"):
        try:
            _name_parties(found[proposal.pk], asked_in(proposal))
        except Invalid:  # one that cannot be read hides no other; it keeps the bodies it was recorded with
            found[proposal.pk]["problem"] = UNREADABLE
    return found


def _took_part(changes: list[int]) -> dict[int, ChangeParties]:
    found: dict[int, ChangeParties] = defaultdict(lambda: {"originals": [], "resulting": [], "problem": None})
    rows = ChangeParty.objects.filter(change__in=changes).order_by("change", "role", "position")
    for change, role, code in rows.values_list("change_id", "role", "organisation_id"):
        found[change]["originals" if role == ChangeParty.ORIGINAL else "resulting"].append(code)
    return found


def _name_parties(parties: ChangeParties, request: ChangeRequest) -> None:
    """Put the bodies that a proposal names in the place of those it was recorded with. One that undoes a change names
    no originals: they are those of that change."""
    parties["resulting"] = list(request.resulting)
    if request.originals:
        parties["originals"] = list(request.originals)


def asked_in(change: Change) -> ChangeRequest:
    """What a proposal asks for, in the engine's terms. Raises Invalid where what is kept cannot be read any more."""
    return to_request(as_saved(change.particulars), portfolio=change.portfolio_id)


def detail(number: int, by: Actor) -> ChangeDetail:
    """One change with its edges, parties, moves, findings and decisions (contract shape): as it was carried out, or as
    it is asked for where it has not been. `names` holds the names of every body it speaks of, on the day it takes
    effect. People are named to those who are signed in. Raises NotFound, also for a draft that `by` does not read.
    """
    change = Change.objects.visible_to(by).select_related("portfolio").filter(pk=number).first()
    if change is None:
        raise NotFound(f"No change has the number {number}.")
    if not change.recorded:
        prefetch_related_objects([change], "collaborators", "authors")
    done = change.recorded or change.status == ChangeStatus.EFFECTED
    particulars = _as_it_was(change) if done else _as_asked(change)
    codes = [*particulars["originals"], *particulars["resulting"]]
    codes += [move[end] for move in particulars["moves"] for end in ("from", "to")]
    codes += [link["original"] for link in particulars["links"]]
    named = names_in_record if change.undone_by_id else names_of
    return {
        "id": change.pk,
        "reference": change.reference,
        "portfolio": change.portfolio_id,
        "illustrative": change.portfolio.illustrative,
        "kind": change.kind,
        "route": change.route or None,
        "status": change.status,
        "recorded": change.recorded,
        "title": change.title,
        "effective_on": change.effective_on,
        **particulars,
        "names": particulars["names"] | named(codes, on=change.effective_on),
        "rationale": change.rationale,
        "legal_instrument": change.legal_instrument,
        "evidence": change.evidence if isinstance(change.evidence, dict) else {},
        "findings": _findings(change, by),
        "corrects": change.corrects_id,
        "undone_by": change.undone_by_id,
        "basis": change.basis,
        "source": change.citation,
        "note": change.note,
        "proposed_by": name_shown_to(by, change.owner_name, COMMISSIONER),
        "owner": name_shown_to(by, change.owner_name, COMMISSIONER),
        "collaborators": [name_shown_to(by, each.name, COMMISSIONER) for each in _collaborators(change)],
        "flag": change.flag,
        "version": change.version,
        "consultation": _consultation(change),
        "allowed_actions": [step.value for step in steps_open_to(by, change)],
        "comments": comments_on(change.pk, by),
        "history": _history(change, by),
    }


COMMISSIONER, APPROVER, LOADER = "a commissioner", "an approver", "a data administrator"
"""What strangers are told in place of the name of a person."""


def comments_on(number: int, by: Actor) -> list[CommentOnChange]:
    """What was said of a change, in order."""
    comments = ChangeComment.objects.filter(change=number).order_by("at", "id")
    return rows_of(CommentOnChange, comments, by=lambda name: name_shown_to(by, name, COMMISSIONER))


def _as_it_was(change: Change) -> ChangeParticulars:
    rows = LineageEdge.with_struck_out.filter(change=change).order_by("original", "resulting")
    edges = rows_of(SupersededEdge, rows, **SHARES)
    moves = ChangeMove.objects.filter(change=change).order_by("id").values_list("what", "giver_id", "receiver_id")
    return {
        **_took_part([change.pk])[change.pk],
        "edges": [_standing(edge) for edge in edges if edge["superseded_by"] is None],
        "superseded": [edge for edge in edges if edge["superseded_by"] is not None],
        "links": rows_of(ChangeLink, change.links.all(), **SHARES),
        "moves": [{"what": what, "from": giver, "to": receiver} for what, giver, receiver in moves],
        "names": {},
    }


def _standing(edge: SupersededEdge) -> ChangeEdge:
    """A share that counts: nothing has taken its place."""
    return cast("ChangeEdge", {name: value for name, value in edge.items() if name != "superseded_by"})


def _as_asked(change: Change) -> ChangeParticulars:
    found: ChangeParticulars = {
        **_took_part([change.pk])[change.pk],
        "edges": [],
        "links": [],
        "superseded": [],
        "moves": [],
        "names": {},
    }
    try:
        request = asked_in(change)
    except Invalid:
        found["problem"] = UNREADABLE
        return found
    _name_parties(found, request)
    found["edges"] = [
        {
            "original": edge.original,
            "resulting": edge.resulting,
            "share": share_text(edge.share),
            "basis": edge.basis,
            "of": list(edge.of),
            "of_share": share_text(edge.of_share),
            "others_share": share_text(edge.others_share),
            "note": edge.note,
        }
        for edge in request.shares()
    ]
    found["links"] = [
        {
            "original": link.original,
            "resulting": link.resulting,
            "share": share_text(link.share),
            "basis": link.basis,
            "note": link.note,
        }
        for link in request.links
    ]
    found["moves"] = [{"what": move.what, "from": move.giver, "to": move.receiver} for move in request.moves]
    found["names"] = {new.code: new.name for new in request.new}
    return found


SHARES = {"share": share_text, "of_share": share_text, "others_share": share_text}
"""How the shares of a row are written."""


def _collaborators(change: Change) -> list[ChangeCollaborator]:
    return [] if change.recorded else list(change.collaborators.all())


def _consultation(change: Change) -> ChangeConsultation | None:
    return next(iter(rows_of(ChangeConsultation, Consultation.objects.filter(change=change))), None)


def _findings(change: Change, by: Actor) -> list[FindingOfChange]:
    found = ChangeFinding.objects.filter(change=change).order_by("policy_check__position", "policy_check_id", "id")
    return rows_of(FindingOfChange, found, overridden_by=lambda name: name_shown_to(by, name, APPROVER))


DECIDED_BY_APPROVERS = frozenset({ChangeStatus.APPROVED, ChangeStatus.EFFECTED, ChangeStatus.REJECTED})


def _history(change: Change, by: Actor) -> list[ChangeStep]:
    def role(status: str) -> str:
        if change.recorded:
            return LOADER
        return APPROVER if status in DECIDED_BY_APPROVERS else COMMISSIONER

    steps = rows_of(ChangeStep, ChangeDecision.objects.filter(change=change).order_by("at", "id"))
    for step in steps:
        step["by"] = name_shown_to(by, step["by"], role(step["status"]))
    return steps
