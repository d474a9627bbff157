"""Changes that were proposed and carried out here, as a portfolio document states them: as decided elsewhere, for
whoever loads the document has nothing but its word for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min, Q

from organisations.domain.vocabulary import Basis, ChangeKind, ChangeStatus
from organisations.models import Change, ChangeParty
from organisations.specs.document import StatedChange
from pcorg.core.batches import batches

AS_ASKED = ("kind", "route", "to_form", "name", "edges", "links", "moves", "relationships", "set")
"""Fields that a proposal and a document share."""

FIRST_DECIDED = Min("decisions__id", filter=Q(decisions__status=ChangeStatus.EFFECTED))
"""When a change became history, as a number that grows from one to the next."""


FIRST_DECIDED_AT = Min("decisions__at", filter=Q(decisions__status=ChangeStatus.EFFECTED))
"""The moment at which a change became history."""


def effected_changes(portfolio: str) -> Iterator[tuple[int, StatedChange]]:
    """What was carried out in a portfolio, in that order, each with the number of its carrying out. Changes without a
    reference of their own are called by their number."""
    references = references_of(portfolio)
    changes = Change.objects.effected().filter(portfolio=portfolio, recorded=False)
    for batch in batches(changes.annotate(decided=FIRST_DECIDED).order_by("decided")):
        originals = _originals(batch)
        for change in batch:
            yield change.decided, _stated(change, references, originals.get(change.pk, []))


@dataclass(frozen=True)
class Carried:
    """A change that was carried out here: its reference, and when that was."""

    reference: str
    at: datetime


def carried_out(portfolio: str) -> list[Carried]:
    """The changes carried out in a portfolio, in that order."""
    references = references_of(portfolio)
    changes = Change.objects.effected().filter(portfolio=portfolio, recorded=False)
    rows = changes.annotate(decided=FIRST_DECIDED, decided_at=FIRST_DECIDED_AT).order_by("decided")
    return [Carried(references[pk], at) for pk, at in rows.values_list("pk", "decided_at")]


def references_of(portfolio: str) -> Mapping[int, str]:
    """What each change of a portfolio's history is called in its document, by its id."""
    rows = list(Change.objects.effected().filter(portfolio=portfolio).order_by("pk").values_list("pk", "reference"))
    taken = {reference for _, reference in rows if reference}
    found: dict[int, str] = {}
    for pk, reference in rows:
        name = reference or f"change-{pk}"
        while not reference and name in taken:
            name += "-here"
        found[pk] = name
    return found


def _originals(changes: list[Change]) -> dict[int, list[str]]:
    parties = ChangeParty.with_struck_out.filter(change__in=changes, role=ChangeParty.ORIGINAL).order_by(
        "position", "pk"
    )
    found: dict[int, list[str]] = {}
    for change, code in parties.values_list("change_id", "organisation_id"):
        found.setdefault(change, []).append(code)
    return found


def _stated(change: Change, references: Mapping[int, str], parties: list[str]) -> StatedChange:
    particulars = change.particulars
    stated: dict[str, Any] = {name: particulars[name] for name in AS_ASKED if particulars.get(name)}
    if change.kind == ChangeKind.CORRECTION and "set" not in stated:
        right = {name: stated.pop(name) for name in ("name", "to_form") if name in stated}
        stated |= {"set": right} if right else {}
    one = [particulars["organisation"]] if particulars.get("organisation") else []
    stated |= {
        "reference": references[change.pk],
        "effective_on": change.effective_on,
        "title": change.title,
        "rationale": change.rationale,
        "legal_instrument": change.legal_instrument,
        "evidence": change.evidence,
        "originals": particulars.get("originals") or one or parties,
        "resulting": [_resulting(body) for body in particulars.get("resulting", ())],
        "corrects": references.get(change.corrects_id) if change.corrects_id else None,
        "basis": Basis.ELSEWHERE,
    }
    return StatedChange.model_validate(as_stated({name: value for name, value in stated.items() if value}))


def as_stated(content: Any) -> Any:
    """What is known here by a decision as a document states it: there it is somebody else's."""
    if isinstance(content, dict):
        return {name: _basis(value) if name in BASES else as_stated(value) for name, value in content.items()}
    return [as_stated(entry) for entry in content] if isinstance(content, list) else content


BASES = frozenset({"basis", "form_basis"})


def _basis(value: Any) -> Any:
    return Basis.ELSEWHERE.value if value == Basis.DECISION.value else value


def _resulting(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body that comes out. When it opens and closes is told by changes alone."""
    return {name: value for name, value in body.items() if name not in {"opened", "closed"}}
