"""Examples of portfolios in the API's description: a check that finds nothing new, and one that finds faults."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

REPORT = {
    "portfolio": "illustrative-county",
    "title": "Illustrative county",
    "dry_run": True,
    "created": 0,
    "changed": 1,
    "unchanged": 2,
    "nothing_new": False,
    "sections": [
        {"section": "portfolio", "created": 0, "changed": 1, "unchanged": 0},
        {"section": "bodies", "created": 0, "changed": 0, "unchanged": 2},
    ],
    "review": [
        {
            "section": "portfolio",
            "created": [],
            "changed": [
                {
                    "key": "portfolio",
                    "code": "illustrative-county",
                    "title": "Illustrative county",
                    "fields": [{"field": "title", "before": "A county", "after": "Illustrative county"}],
                }
            ],
            "more_created": 0,
            "more_changed": 0,
        }
    ],
    "alters": [],
    "wants_confirming": True,
    "bodies": 2,
    "changes": 0,
    "file": "county.xlsx",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "url": "http://localhost:8000/api/v1/portfolios/illustrative-county/",
}
PROBLEM = {
    "type": "http://localhost:8000/api/v1/problems/invalid/",
    "title": "The request is not valid",
    "status": 400,
    "detail": "There is no form called pct-9.",
    "code": "invalid",
    "errors": [
        {
            "pointer": "/bodies/3/form",
            "code": "invalid",
            "detail": "There is no form called pct-9.",
            "sheet": "bodies",
            "row": 5,
            "field": "form",
            "value": "pct-9",
        }
    ],
}
DOCUMENT = {
    "schema": "pcorg-portfolio/1",
    "portfolio": {
        "slug": "a-small-county",
        "title": "A small county",
        "illustrative": True,
        "covers": {"from": "1999-04-01", "to": "2004-03-31"},
    },
    "bodies": [
        {
            "code": "X-SHA9",
            "name": "Small County Health Authority",
            "form": "health-authority",
            "basis": "illustrative",
            "source": "pcorg-illustration",
        }
    ],
}


def _body() -> OpenApiExample:
    return OpenApiExample("One body", value=DOCUMENT, request_only=True, media_type="application/json")


PORTFOLIOS = {
    "create": [_body()],
    "validate": [
        _body(),
        OpenApiExample("A new title", value=REPORT, response_only=True, status_codes=["200"]),
        OpenApiExample(
            "A fault in a workbook",
            value=PROBLEM,
            response_only=True,
            status_codes=["400"],
            media_type="application/problem+json",
        ),
    ],
}

WAITING = {
    "confirm": [OpenApiExample("The review that was looked at", value={"state": "0" * 64}, request_only=True)],
    "refuse": [
        OpenApiExample(
            "Not ours to alter",
            value={"state": "0" * 64, "reason": "The merger was never approved."},
            request_only=True,
        )
    ],
}
