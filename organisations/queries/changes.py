"""Changes: lists of them, and one with all it did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from organisations.models import Change, ChangeDecision, ChangeFinding, ChangeMove, ChangeParty, LineageEdge
from organisations.queries.lineage import share_text
from organisations.queries.spells import names_of
from organisations.models.querysets import ChangeQuerySet


class Unknown(LookupError):
    """No change has the number."""

    problem = "not-found"

    def __init__(self, number: int) -> None:
        super().__init__(f"No change has the number {number}.")
        self.number = number


def listing(on: date | None = None, *, portfolio: str | None = None) -> ChangeQuerySet:
    """The changes of the chosen portfolios in order of time; with a day, those that take effect on or
    before it."""
    changes = Change.objects.of_portfolio(portfolio)
    return changes if on is None else changes.filter(effective_on__lte=on)


def parties_of(changes: Iterable[int]) -> dict[int, dict[str, list[str]]]:
    """The codes of `originals` and `resulting` bodies by change; one query."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: {"originals": [], "resulting": []})
    rows = ChangeParty.objects.filter(change__in=list(changes)).order_by("change", "role", "position")
    for change, role, code in rows.values_list("change_id", "role", "organisation_id"):
        found[change]["originals" if role == ChangeParty.ORIGINAL else "resulting"].append(code)
    return found


def detail(number: int) -> dict[str, Any]:
    """One change with its edges, parties, moves, findings and decisions (contract shape). `names` holds the
    names of every body it speaks of, on the day it took effect. Raises Unknown.
    """
    change = Change.objects.select_related("portfolio").filter(pk=number).first()
    if change is None:
        raise Unknown(number)
    parties = parties_of([number])[number]
    moves = list(ChangeMove.objects.filter(change=change).order_by("id").values("what", "giver_id", "receiver_id"))
    codes = [*parties["originals"], *parties["resulting"]]
    codes += [move[end] for move in moves for end in ("giver_id", "receiver_id")]
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
        "edges": _edges(change),
        "originals": parties["originals"],
        "resulting": parties["resulting"],
        "names": names_of(codes, on=change.effective_on),
        "moves": [{"what": move["what"], "from": move["giver_id"], "to": move["receiver_id"]} for move in moves],
        "rationale": change.rationale,
        "legal_instrument": change.legal_instrument,
        "evidence": change.evidence,
        "findings": _findings(change),
        "corrects": change.corrects_id,
        "basis": change.basis,
        "source": change.citation,
        "note": change.note,
        "history": _history(change),
    }


def _edges(change: Change) -> list[dict[str, Any]]:
    rows = LineageEdge.objects.filter(change=change).order_by("original", "resulting")
    return [
        {
            "original": original,
            "resulting": resulting,
            "share": share_text(share),
            "basis": basis,
            "note": note,
        }
        for original, resulting, share, basis, note in rows.values_list(
            "original_id", "resulting_id", "share", "basis", "note"
        )
    ]


def _findings(change: Change) -> list[dict[str, Any]]:
    rows = ChangeFinding.objects.filter(change=change).order_by("policy_check__position", "policy_check_id", "id")
    return [
        {"code": code, "outcome": outcome, "message": message, "source": source}
        for code, outcome, message, source in rows.values_list("policy_check_id", "outcome", "message", "source")
    ]


def _history(change: Change) -> list[dict[str, Any]]:
    rows = ChangeDecision.objects.filter(change=change).order_by("at", "id")
    return [dict(row) for row in rows.values("status", "by", "at", "comment")]
