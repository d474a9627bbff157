"""Changes: lists of them, and one with all it did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

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
from organisations.selectors.lineage import share_text
from organisations.selectors.spells import names_in_record, names_of
from organisations.specs.change import Malformed, as_saved, request_of
from pcorg.core.people import named_to
from pcorg.core.policies import Actor


class UnknownChange(LookupError):
    """No change has the number."""

    problem = "not-found"

    def __init__(self, number: int) -> None:
        super().__init__(f"No change has the number {number}.")
        self.number = number


def listing(on: date | None = None, *, portfolio: str | None = None, by: Actor) -> ChangeQuerySet:
    """The changes of the chosen portfolios that somebody reads, in order of time; with a day, those that take effect on
    or before it."""
    changes = Change.objects.of_portfolio(portfolio).visible_to(by)
    return changes if on is None else changes.filter(effective_on__lte=on)


UNREADABLE = "unreadable"
"""Marks a change of which nobody can read any more what it asks for."""


def parties_of(changes: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The codes of `originals` and `resulting` bodies by change: of those carried out the bodies that took part, of
    others those that are asked for; `problem` where that cannot be read. Two queries."""
    numbers = list(changes)
    found = _took_part(numbers)
    proposals = Change.objects.filter(pk__in=numbers, recorded=False).exclude(status=ChangeStatus.EFFECTED)
    for proposal in proposals.only("pk", "portfolio_id", "particulars"):
        try:
            found[proposal.pk] |= _asked_parties(asked_in(proposal))
        except Malformed:  # one that cannot be read hides no other; it keeps the bodies it was recorded with
            found[proposal.pk]["problem"] = UNREADABLE
    return found


def _took_part(changes: list[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = defaultdict(lambda: {"originals": [], "resulting": [], "problem": None})
    rows = ChangeParty.objects.filter(change__in=changes).order_by("change", "role", "position")
    for change, role, code in rows.values_list("change_id", "role", "organisation_id"):
        found[change]["originals" if role == ChangeParty.ORIGINAL else "resulting"].append(code)
    return found


def _asked_parties(request: ChangeRequest) -> dict[str, list[str]]:
    """The bodies that a proposal names. One that undoes a change names no originals: they are those of that change."""
    asked = {"resulting": list(request.resulting)}
    return {"originals": list(request.originals), **asked} if request.originals else asked


def asked_in(change: Change) -> ChangeRequest:
    """What a proposal asks for, in the engine's terms. Raises Malformed where what is kept cannot be read any more."""
    return request_of(as_saved(change.particulars), portfolio=change.portfolio_id)


def detail(number: int, by: Actor) -> dict[str, Any]:
    """One change with its edges, parties, moves, findings and decisions (contract shape): as it was carried out, or as
    it is asked for where it has not been. `names` holds the names of every body it speaks of, on the day it takes
    effect. People are named to those who are signed in. Raises Unknown, also for a draft that `by` does not read.
    """
    change = Change.objects.visible_to(by).select_related("portfolio").filter(pk=number).first()
    if change is None:
        raise UnknownChange(number)
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
        "proposed_by": named_to(by, change.owner_name, COMMISSIONER),
        "owner": named_to(by, change.owner_name, COMMISSIONER),
        "collaborators": [named_to(by, each.name, COMMISSIONER) for each in _collaborators(change)],
        "flag": change.flag,
        "version": change.version,
        "consultation": _consultation(change),
        "allowed_actions": [step.value for step in steps_open_to(by, change)],
        "comments": comments_on(change.pk, by),
        "history": _history(change, by),
    }


COMMISSIONER, APPROVER, LOADER = "a commissioner", "an approver", "a data administrator"
"""What strangers are told in place of the name of a person."""


def comments_on(number: int, by: Actor) -> list[dict[str, Any]]:
    """What was said of a change, in order."""
    rows = ChangeComment.objects.filter(change=number).order_by("at", "id")
    return [{**row, "by": named_to(by, row["by"], COMMISSIONER)} for row in rows.values("by", "at", "text")]


def _as_it_was(change: Change) -> dict[str, Any]:
    moves = ChangeMove.objects.filter(change=change).order_by("id").values_list("what", "giver_id", "receiver_id")
    return {
        **_edges(change),
        "links": [_link(row) for row in change.links.values(*LINK)],
        **_took_part([change.pk])[change.pk],
        "moves": [{"what": what, "from": giver, "to": receiver} for what, giver, receiver in moves],
        "names": {},
    }


def _as_asked(change: Change) -> dict[str, Any]:
    took_part = _took_part([change.pk])[change.pk]
    try:
        request = asked_in(change)
    except Malformed:
        nothing: dict[str, Any] = {"edges": [], "links": [], "superseded": [], "moves": [], "names": {}}
        return {**nothing, **took_part, "problem": UNREADABLE}
    return {
        "edges": [
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
        ],
        "links": [
            _link({name: getattr(link, name) for name in LINK}) | {"basis": link.basis.value} for link in request.links
        ],
        "superseded": [],
        **took_part,
        **_asked_parties(request),
        "moves": [{"what": move.what, "from": move.giver, "to": move.receiver} for move in request.moves],
        "names": {new.code: new.name for new in request.new},
    }


def _collaborators(change: Change) -> list[ChangeCollaborator]:
    return [] if change.recorded else list(change.collaborators.all())


def _consultation(change: Change) -> dict[str, Any] | None:
    fields = ("opens", "closes", "responses_for", "responses_against", "summary")
    return Consultation.objects.filter(change=change).values(*fields).first()


def _edges(change: Change) -> dict[str, list[dict[str, Any]]]:
    """The shares that count, and those that a later correction has taken the place of, each with that correction."""
    rows = (
        LineageEdge.with_struck_out.filter(change=change)
        .order_by("original", "resulting")
        .values(*EDGE, "superseded_by")
    )
    told: dict[str, list[dict[str, Any]]] = {"edges": [], "superseded": []}
    for row in rows:
        if row["superseded_by"] is None:
            told["edges"].append(_edge(row))
        else:
            told["superseded"].append(_edge(row) | {"superseded_by": row["superseded_by"]})
    return told


def _link(row: dict[str, Any]) -> dict[str, Any]:
    return {name: share_text(row[name]) if name in SHARES else row[name] for name in LINK}


def _edge(row: dict[str, Any]) -> dict[str, Any]:
    return {name: share_text(row[name]) if name in SHARES else row[name] for name in EDGE}


SHARES = ("share", "of_share", "others_share")
LINK = ("original", "resulting", "share", "basis", "note")
EDGE = ("original", "resulting", "share", "basis", "of", "of_share", "others_share", "note")


def _findings(change: Change, by: Actor) -> list[dict[str, Any]]:
    rows = ChangeFinding.objects.filter(change=change).order_by("policy_check__position", "policy_check_id", "id")
    names = ("policy_check_id", "outcome", "message", "source", "overridden_by", "override_reason")
    found = [dict(zip(("code", *names[1:]), row, strict=True)) for row in rows.values_list(*names)]
    return [row | {"overridden_by": named_to(by, row["overridden_by"], APPROVER)} for row in found]


DECIDED_BY_APPROVERS = frozenset({ChangeStatus.APPROVED, ChangeStatus.EFFECTED, ChangeStatus.REJECTED})


def _history(change: Change, by: Actor) -> list[dict[str, Any]]:
    def role(status: str) -> str:
        if change.recorded:
            return LOADER
        return APPROVER if status in DECIDED_BY_APPROVERS else COMMISSIONER

    rows = ChangeDecision.objects.filter(change=change).order_by("at", "id")
    decisions = rows.values("status", "by", "at", "comment")
    return [{**row, "by": named_to(by, row["by"], role(row["status"]))} for row in decisions]
