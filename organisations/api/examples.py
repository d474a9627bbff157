"""Examples in the API's description, from the shipped portfolio of England and the reference records."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample


def _answer(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200"], media_type="application/json")


ORGANISATIONS = {
    "list": [
        _answer(
            "The first trust of 1 April 2009",
            {
                "next": None,
                "previous": None,
                "coverage": {"from": "2006-10-01", "to": "2015-03-31", "within": True},
                "results": [
                    {
                        "code": "5A3",
                        "name": "South Gloucestershire Primary Care Trust",
                        "form": {"slug": "pct-4", "label": "Primary care trust, level 4", "level": 4},
                        "opened": "2006-10-01",
                        "closed": "2013-04-01",
                        "population": {
                            "count": 259900,
                            "on": "2013-07-01",
                            "basis": "estimate",
                            "carried_back": True,
                            "at_least": False,
                            "computed_from": [],
                        },
                        "accountable_to": "Q39",
                        "portfolio": "england-2006-2015",
                        "illustrative": False,
                        "url": "http://localhost:8000/api/v1/organisations/5A3/",
                    }
                ],
            },
        )
    ],
    "lineage": [
        _answer(
            "The two trusts that became Hertfordshire",
            {
                "root": "5QV",
                "nodes": [
                    {
                        "code": "5QV",
                        "name": "Hertfordshire Primary Care Trust",
                        "form": "pct-4",
                        "opened": "2010-04-01",
                        "closed": "2013-04-01",
                    },
                    {
                        "code": "5P3",
                        "name": "East and North Hertfordshire Primary Care Trust",
                        "form": "pct-4",
                        "opened": "2006-10-01",
                        "closed": "2010-04-01",
                    },
                ],
                "edges": [
                    {
                        "predecessor": "5P3",
                        "successor": "5QV",
                        "share": "1",
                        "basis": "population",
                        "of": [],
                        "change": 2,
                        "kind": "merger",
                        "effective_on": "2010-04-01",
                    }
                ],
                "links": [],
                "latest_successors": [],
                "earliest_predecessors": [
                    {
                        "code": "5P3",
                        "name": "East and North Hertfordshire Primary Care Trust",
                        "share": "1",
                        "status": "closed",
                        "path": ["5P3", "5QV"],
                        "basis": "stated",
                        "composed_through": [],
                    }
                ],
                "coverage": {"from": "2006-10-01", "to": "2015-03-31", "within": None},
            },
        )
    ],
    "resolve": [
        OpenApiExample(
            "Data of 2009 as at 2014: one code that is known and one that is not",
            value={"codes": ["5P3", "ZZZ"], "from": "2009-04-01", "on": "2014-01-01"},
            request_only=True,
        ),
        _answer(
            "What stands for them",
            {
                "from": "2009-04-01",
                "on": "2014-01-01",
                "coverage": {"from": "2006-10-01", "to": "2015-03-31", "within": True},
                "from_coverage": {"from": "2006-10-01", "to": "2015-03-31", "within": True},
                "results": [
                    {
                        "code": "5P3",
                        "bodies": [
                            {
                                "code": code,
                                "share": share,
                                "basis": "composed",
                                "composed_through": ["5QV"],
                                "path": ["5P3", "5QV", code],
                            }
                            for code, share in (("06N", "0.507"), ("06K", "0.4746"), ("06H", "0.0184"))
                        ],
                        "problem": None,
                        "coverage": {"from": "2006-10-01", "to": "2015-03-31", "within": True},
                        "from_coverage": {"from": "2006-10-01", "to": "2015-03-31", "within": True},
                    },
                    {
                        "code": "ZZZ",
                        "bodies": [],
                        "problem": "unknown-code",
                        "coverage": None,
                        "from_coverage": None,
                    },
                ],
            },
        ),
    ],
}

CONFIGURATION = {
    "list": [
        _answer(
            "England on 1 April 2009",
            {
                "as_of": "2009-04-01",
                "portfolio": None,
                "forms": [
                    {
                        "form": "pct-4",
                        "label": "Primary care trust, level 4",
                        "plural": "Primary care trusts, level 4",
                        "family": "primary-care-groups-and-trusts",
                        "level": 4,
                        "count": 147,
                    },
                    {
                        "form": "care-trust",
                        "label": "Care trust",
                        "plural": "Care trusts",
                        "family": "primary-care-groups-and-trusts",
                        "level": None,
                        "count": 5,
                    },
                ],
                "bodies": 162,
                "councils": 152,
                "population": {
                    "bodies": 152,
                    "known": 150,
                    "carried_back": 150,
                    "computed": 0,
                    "at_least": 0,
                    "total": 54871200,
                    "mean": 365808,
                    "median": 299950,
                    "min": 96900,
                    "max": 1334400,
                },
                "coterminous": {"share": "0.776316", "known": 152},
                "coverage": {"from": "2006-10-01", "to": "2015-03-31", "within": True},
            },
        )
    ]
}

CHANGES = {
    "list": [
        _answer(
            "The merger of the two Hertfordshire trusts",
            {
                "next": None,
                "previous": None,
                "coverage": {"from": "2006-10-01", "to": "2015-03-31", "within": None},
                "results": [
                    {
                        "id": 2,
                        "portfolio": "england-2006-2015",
                        "illustrative": False,
                        "kind": "merger",
                        "route": None,
                        "status": "effected",
                        "undone_by": None,
                        "recorded": True,
                        "basis": "register",
                        "title": "The Hertfordshire trusts become one",
                        "effective_on": "2010-04-01",
                        "problem": None,
                        "originals": ["5P3", "5P4"],
                        "resulting": ["5QV"],
                        "url": "http://localhost:8000/api/v1/changes/2/",
                    }
                ],
            },
        )
    ]
}

TRANSITION_RULES = {
    "list": [
        _answer(
            "A primary care group becomes a trust",
            {
                "next": None,
                "previous": None,
                "coverage": None,
                "results": [
                    {
                        "id": 12,
                        "from_form": "pcg-2",
                        "to_form": "pct-3",
                        "route": "succession",
                        "earliest": "2000-04-01",
                        "latest": None,
                        "consultation": True,
                        "joint_agreement": False,
                        "checks": ["later-history", "form-path", "form-dates", "consultation-held"],
                        "source": "goodwin-2001",
                        "locator": "lines 304-309",
                        "note": "",
                    }
                ],
            },
        )
    ]
}
