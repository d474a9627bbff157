"""An earlier proposal back in the form, to go on with it or to start another from it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from organisations.domain.vocabulary import Route
from organisations.models import Change
from organisations.policies import ChangePermission
from organisations.web.presenters.proposing.entry import FORGOTTEN, NAME_OR_FORM, NEVER_HAPPENED
from organisations.web.presenters.proposing.rows import percent_typed
from pcorg.core.forms.typed import Typed
from pcorg.core.policies import Actor, can

BODY_FIELDS = ("code", "name", "form", "accountable_to", "sub_committee_of", "operated_by")


def typed_from(change: Change, *, by: Actor) -> Typed:
    """What a person would have typed for a proposal. A draft that they may edit is marked as the one that is gone on
    with, at the version it has."""
    particulars: dict[str, Any] = change.particulars if isinstance(change.particulars, dict) else {}
    originals = particulars.get("originals") or (
        [particulars["organisation"]] if particulars.get("organisation") else []
    )
    typed: dict[str, str] = {
        "effective_on": change.effective_on.isoformat(),
        "title": change.title,
        "rationale": change.rationale,
        "legal_instrument": change.legal_instrument,
        "portfolio": change.portfolio_id,
        "name": particulars.get("name") or (particulars.get("set") or {}).get("name") or "",
        "to_form": (particulars.get("set") or {}).get("to_form") or "",
        "corrects": str(particulars.get("corrects") or ""),
    }
    typed |= {f"evidence-{code}": words for code, words in change.evidence.items()}
    typed |= {f"originals-{row}": code for row, code in enumerate(originals)}
    staying = [entry["code"] for entry in particulars.get("resulting", []) if "name" not in entry]
    typed |= {f"continues-{originals.index(code)}": "yes" for code in staying if code in originals}
    fresh = [entry for entry in particulars.get("resulting", []) if "name" in entry]
    for row, body in enumerate(fresh):
        typed |= _body(body, f"resulting-{row}")
    typed |= _step(particulars, fresh)
    typed |= _edges(particulars, originals, [body["code"] for body in fresh])
    for row, move in enumerate(particulars.get("moves", [])):
        typed |= {f"moves-{row}-what": move["what"], f"moves-{row}-from": move["from"], f"moves-{row}-to": move["to"]}
    for row, tie in enumerate(particulars.get("relationships", [])):
        typed[f"members-{row}"] = tie["subject"]
    if particulars.get("kind") == "correction":
        undone = not fresh and not particulars.get("set")
        typed["right"] = NEVER_HAPPENED if undone else FORGOTTEN if fresh else NAME_OR_FORM
    if can(by, ChangePermission.EDIT_DRAFT, change):
        typed |= {"earlier": str(change.pk), "version": str(change.version)}
    return Typed(typed)


def _body(body: dict[str, Any], prefix: str) -> dict[str, str]:
    typed = {f"{prefix}-{name}": str(body[name]) for name in BODY_FIELDS if body.get(name)}
    typed |= {f"{prefix}-located_in-{row}": code for row, code in enumerate(body.get("located_in", []))}
    for count in body.get("populations", [])[:1]:
        typed |= {f"{prefix}-population": str(count["count"]), f"{prefix}-population_basis": count["basis"]}
    return typed | {f"{prefix}-board-{seat['constituency']}": str(seat["seats"]) for seat in body.get("board", [])}


def _step(particulars: dict[str, Any], fresh: list[dict[str, Any]]) -> dict[str, str]:
    route = particulars.get("route")
    form = fresh[0]["form"] if route == Route.SUCCESSION and fresh else particulars.get("to_form")
    return {"step": f"{route}:{form}"} if route and form else {}


def _edges(particulars: dict[str, Any], originals: list[str], fresh: list[str]) -> dict[str, str]:
    typed = {}
    for edge in particulars.get("edges", []):
        if edge["original"] not in originals:
            continue
        row, share = originals.index(edge["original"]), percent_typed(Decimal(str(edge["share"])))
        if edge["resulting"] in fresh:
            typed[f"shares-{row}-{fresh.index(edge['resulting'])}"] = share
        elif edge["resulting"] in originals:
            typed[f"passes-{row}-{originals.index(edge['resulting'])}"] = share
        typed["basis"] = edge.get("basis", "population")
    return typed
