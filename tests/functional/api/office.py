"""Proposing and deciding over HTTP, as a commissioner and an approver do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from rest_framework.test import APIClient

CCG = "clinical-commissioning-group"
EVIDENCE = {
    "consultation-held": "Three months, 2014.",
    "joint-agreement": "Signed by the NHS and the council, 2014.",
    "management-capacity": "A joint team.",
    "board-composition": "Agreed by all members.",
}
NEWCASTLE: dict[str, Any] = {
    "originals": ["00F", "00G", "00H"],
    "resulting": {"code": "13T", "name": "Newcastle Gateshead", "form": CCG},
    "effective_on": "2015-03-01",
    "rationale": "One body for the city on both banks.",
    "evidence": EVIDENCE,
}


def merger(**given: Any) -> dict[str, Any]:
    """The merger of Newcastle and Gateshead, with something else about it."""
    return NEWCASTLE | given


def new(code: str, form: str = CCG, **given: Any) -> dict[str, Any]:
    """A new body."""
    return {"code": code, "name": f"Body {code}", "form": form} | given


def change(kind: str, **given: Any) -> dict[str, Any]:
    """A change of any kind in 2015."""
    return {"kind": kind, "effective_on": "2015-03-01", "evidence": EVIDENCE} | given


@dataclass(frozen=True)
class Office:
    """Who proposes, who decides, and who only looks."""

    commissioner: APIClient
    approver: APIClient
    anyone: APIClient

    def post(self, path: str, body: Any = None, *, by: APIClient | None = None, **headers: str) -> HttpResponse:
        """Posts below `/api/v1/`; by the commissioner unless said otherwise."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client = by or self.commissioner
        given: dict[str, Any] = {"headers": named} if "If-Match" in named else {}
        given |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in named.items() if not given}
        return client.post(f"/api/v1/{path}", {} if body is None else body, format="json", **given)

    def done(self, path: str, body: Any = None, *, by: APIClient | None = None, status: int = 200) -> dict[str, Any]:
        """Posts what must succeed and gives the document."""
        response = self.post(path, body, by=by)
        assert response.status_code == status, response.content[:2000]
        return response.json()

    def proposed(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A proposal by the commissioner."""
        return self.done(path, body, status=201)

    def carried_through(self, path: str, body: dict[str, Any], *steps: str) -> dict[str, Any]:
        """Proposed by the commissioner, then approved and carried out."""
        made = self.proposed(path, body)
        for step in steps or ("approve", "effect"):
            made = self.done(f"{path}{made['id']}/{step}/", by=self.approver)
        return made
