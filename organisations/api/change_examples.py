"""Examples of changes in the API's description: proposals on the shipped portfolio of England, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence

from drf_spectacular.utils import OpenApiExample

MERGER = {
    "originals": ["00F", "00G", "00H"],
    "resulting": {
        "code": "13T",
        "name": "NHS Newcastle Gateshead Clinical Commissioning Group",
        "form": "clinical-commissioning-group",
    },
    "effective_on": "2015-04-01",
    "rationale": "One body for the city on both banks of the river.",
    "evidence": {"management-capacity": "One management team has served the three since 2013."},
}
TRANSITION = {
    "organisation": "X-PCT3",
    "to_form": "care-trust",
    "effective_on": "2009-04-01",
    "rationale": "Health and social care for older people under one board.",
    "evidence": {
        "joint-agreement": "Signed by the trust and the county council, December 2008.",
        "consultation-held": "Three months, autumn 2008.",
    },
}
SPLIT = {
    "kind": "split",
    "originals": ["03N"],
    "resulting": [
        {"code": "13A", "name": "Sheffield East", "form": "clinical-commissioning-group"},
        {"code": "13B", "name": "Sheffield West", "form": "clinical-commissioning-group"},
    ],
    "edges": [
        {"original": "03N", "resulting": "13A", "share": "0.6"},
        {"original": "03N", "resulting": "13B", "share": "0.4"},
    ],
    "effective_on": "2015-03-01",
    "rationale": "Two groups nearer to their practices.",
}
DECISION = {
    "comment": "The three have worked as one.",
    "overrides": {"relations": "A joint board has met since 2013 without a vote taken against one of the three."},
}
ALL_OF_IT: dict[str, object] = {"of": [], "of_share": "1", "others_share": "0"}
CONSULTATION = {
    "consultation": {
        "opens": "2014-06-01",
        "closes": "2014-08-31",
        "responses_for": 212,
        "responses_against": 31,
        "summary": "Most welcome one body; some fear for the western surgeries.",
    }
}
PREVIEW = {
    "permitted": True,
    "hypothetical": False,
    "checks": [
        {
            "code": "form-path",
            "outcome": "pass",
            "message": "Every step is one the declared rules allow.",
            "source": "goodwin-2001 lines 255-261",
        }
    ],
    "effects": [
        {
            "operation": "close-organisation",
            "subject": "00F",
            "before": {"closed": None, "name": "NHS Gateshead Clinical Commissioning Group"},
            "after": {"closed": "2015-04-01"},
        }
    ],
    "before": {
        "bodies": 3, "population": 493497, "population_unknown": 0, "councils": None, "members": None,
        "contracts": None, "budget": None, "unknown": ["councils", "members", "contracts", "budget"],
        "partly_known": [],
    },
    "after": {
        "bodies": 1, "population": 493497, "population_unknown": 0, "councils": None, "members": None,
        "contracts": None, "budget": None, "unknown": ["councils", "members", "contracts", "budget"],
        "partly_known": [],
    },
}  # fmt: skip
PROPOSED = {
    "id": 77,
    "reference": "",
    "portfolio": "england-2006-2015",
    "illustrative": False,
    "kind": "merger",
    "route": None,
    "status": "proposed",
    "recorded": False,
    "title": "Merger: 00F, 00G, 00H → 13T",
    "effective_on": "2015-04-01",
    "edges": [
        {"original": code, "resulting": "13T", "share": "1", "basis": "population", **ALL_OF_IT, "note": ""}
        for code in ("00F", "00G", "00H")
    ],
    "links": [],
    "originals": ["00F", "00G", "00H"],
    "resulting": ["13T"],
    "names": {"00F": "NHS Gateshead Clinical Commissioning Group"},
    "moves": [],
    "rationale": "One body for the city on both banks of the river.",
    "legal_instrument": "",
    "evidence": {"management-capacity": "One management team has served the three since 2013."},
    "findings": [
        {
            "code": "form-path",
            "outcome": "pass",
            "message": "Every step is one the declared rules allow.",
            "source": "goodwin-2001 lines 255-261",
            "overridden_by": "",
            "override_reason": "",
        }
    ],
    "corrects": None,
    "undone_by": None,
    "superseded": [],
    "basis": "decision",
    "source": "",
    "note": "",
    "proposed_by": "ann",
    "owner": "ann",
    "collaborators": ["carol"],
    "flag": "",
    "version": 1,
    "consultation": None,
    "comments": [],
    "allowed_actions": ["consult", "withdraw"],
    "problem": None,
    "history": [{"status": "proposed", "by": "ann", "at": "2014-05-12T09:30:00+00:00", "comment": ""}],
    "url": "http://localhost:8000/api/v1/changes/77/",
}


def _body(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True, media_type="application/json")


def _answer(name: str, value: object, status: str = "200") -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=[status], media_type="application/json")


def _step(name: str, value: object, status: str) -> list[OpenApiExample]:
    return [_body(name, value), _answer("The change afterwards", PROPOSED | {"status": status})]


Examples = dict[str, Sequence[OpenApiExample]]
STEPS: Examples = {
    "retrieve": [_answer("A merger of three groups", PROPOSED)],
    "propose": _step("With a comment", {"comment": "Ready to be looked at."}, "proposed"),
    "consult": _step("Dates, responses and what came of it", CONSULTATION, "consulting"),
    "approve": _step("In spite of an advisory, with the reason", DECISION, "approved"),
    "effect": _step("With a comment", {"comment": "Carried out by order of the board."}, "effected"),
    "reject": _step("With the reason", {"comment": "Too soon."}, "rejected"),
    "withdraw": _step("With the reason", {"comment": "Another proposal takes its place."}, "withdrawn"),
    "partial_update": _step("What became of the consultation", CONSULTATION, "proposed"),
    "collaborators": [
        _body("Two who work on it", {"collaborators": ["carol", "dan"]}),
        _answer("The change afterwards", PROPOSED),
    ],
    "comment": [_body("A question", {"text": "What of the surgeries west of the river?"})],
}
ASKED = [_body("A group divides", SPLIT)]
TRANSITIONS: Examples = {
    **STEPS,
    "create": [_body("A trust becomes a care trust", TRANSITION)],
    "preview": [_body("A trust becomes a care trust", TRANSITION)],
}
MERGERS: Examples = {
    **STEPS,
    "create": [_body("Three groups become one", MERGER), _answer("Proposed", PROPOSED, "201")],
    "preview": [_body("Three groups become one", MERGER), _answer("What it would do", PREVIEW)],
}
CHANGES: Examples = {
    **STEPS,
    "create": [*ASKED, _answer("Proposed", PROPOSED, "201")],
    "preview": [*ASKED, _answer("What a change would do", PREVIEW)],
}
