"""Examples of what is sent about assessments, profiles and dispersals, in the API's description."""

from __future__ import annotations

from collections.abc import Sequence

from drf_spectacular.utils import OpenApiExample

Examples = dict[str, Sequence[OpenApiExample]]

ASSESSMENT = {
    "title": "Which form for rehabilitation",
    "subject": "X-KPCT1",
    "as_of": "2009-06-01",
    "scope": {"kind": "group", "service_group": "rehabilitation"},
    "options": ["community-interest-company", "provider-unit"],
    "weights": {"mode": "equal"},
}
JUDGEMENTS = {
    "judgements": [
        {
            "option": "community-interest-company",
            "criterion": "workforce-motivation",
            "low": 3,
            "high": 5,
            "rationale": "Staff own a part of it; half of them have asked for it.",
        },
        {"option": "provider-unit", "criterion": "value-for-money", "no_evidence": True},
    ]
}
CHOSEN = {"option": "community-interest-company", "on": "2009-09-15", "reason": "It comes first, and staff want it."}
MEASURE = {
    "title": "Weeks to wait",
    "unit": "weeks",
    "higher_is_better": False,
    "target": "6",
    "source": "Monthly return",
}
READING = {"measure": 5, "stage": "baseline", "on": "2009-10-01", "value": "11.5"}
PROFILE = {
    "organisation": "X-KPCT1",
    "axis": "health-with-social",
    "on": "2009-06-01",
    "level": 2,
    "evidence": "A pooled budget.",
}
DISPERSAL = {
    "title": "Group by group",
    "organisation": "X-KPCT1",
    "as_of": "2009-06-01",
    "parts": [{"assessment": 12, "override": "provider-unit", "reason": "The staff asked to stay."}],
}


def _body(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True, media_type="application/json")


NAMED = [_body("Two who work on it", {"collaborators": ["carol", "dan"]})]
ASSESSMENTS: Examples = {
    "create": [_body("Two forms for a group of services", ASSESSMENT)],
    "partial_update": [_body("Another title", {"title": "Which form for rehabilitation at home"})],
    "judge": [_body("One judgement, and one without evidence", JUDGEMENTS)],
    "try_out": [_body("Equal weights, with the first mitigation", {"weights": {"mode": "equal"}, "mitigations": [0]})],
    "copy": [_body("With its judgements", {"title": "A second look", "judgements": True})],
    "choose": [_body("The option chosen, and why", CHOSEN)],
    "measure": [_body("Weeks to wait", MEASURE)],
    "reading": [_body("A baseline", READING)],
    "open": [_body("With a comment", {"comment": "Ready for the panel."})],
    "close": [_body("With a comment", {"comment": "All have judged."})],
    "approve": [_body("With a comment", {"comment": "Agreed by the board."})],
    "comment": [_body("A comment", {"text": "The costs of the second option are missing."})],
    "collaborators": NAMED,
}
PROFILES: Examples = {"create": [_body("Health with social care", PROFILE)]}
DISPERSALS: Examples = {"create": [_body("One group, with an override", DISPERSAL)], "collaborators": NAMED}
