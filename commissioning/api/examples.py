"""Examples in the API's description, of an invented trust."""

from __future__ import annotations

from collections.abc import Sequence

from drf_spectacular.utils import OpenApiExample

Examples = dict[str, Sequence[OpenApiExample]]
LOCAL = "http://localhost:8000/api/v1"
INVENTED = {"portfolio": "illustrative-trusts", "illustrative": True}
SINCE = {"start": "2008-04-01", "end": None}
CONTRACT = {
    "code": "X-C01",
    "title": "Acute services",
    "type": "block",
    "sector": "acute",
    "services": [],
    "commissioner": "X-AAA",
    "provider": "X-HHH",
    "annual_value": "48250000.00",
    "price_year": "2008/09",
    "ends": "2011-04-01",
    **SINCE,
    "holding": 1,
    **INVENTED,
    "url": f"{LOCAL}/contracts/X-C01/",
}
POOL = {
    "code": "X-Q01",
    "title": "Learning disabilities",
    "flexibility": "pooled",
    "client_group": "Adults with learning disabilities",
    "price_year": "2008/09",
    "host": "X-LAA",
    "total": "10300000.00",
    "partners": ["X-LAA", "X-AAA"],
    "contributions": [
        {"partner": "X-LAA", "amount": "6100000.00", "share": "0.5922", "hosts": True, **SINCE},
        {"partner": "X-AAA", "amount": "4200000.00", "share": "0.4078", "hosts": False, **SINCE},
    ],
    **INVENTED,
    "url": f"{LOCAL}/pooled-budgets/X-Q01/",
}
PILOT = {
    "organisation": "X-PMA",
    "name": "Quayside nurse-led pilot",
    "wave": 1,
    "variant": "nurse-led",
    "provider": None,
    "contract": "X-C20",
    "commissioner": "X-HAA",
    "annual_value": "412000.00",
    "salaried_gps": "2.00",
    "nurses": "4.00",
    "practices": [],
    "opened": "1998-04-01",
    "closed": None,
    "term_ends": "2001-04-01",
    "days_left": 365,
    "at_end": "permanent",
    **INVENTED,
    "url": f"{LOCAL}/pms-pilots/X-PMA/",
}
ANSWER = {
    "organisation": "X-AAA",
    "recommendation": "r1",
    "state": "met",
    "evidence": "Board paper 12 of May 2009.",
    "answered_on": "2009-06-01",
}
CHOICE = {
    "chosen_form": "community-interest-company",
    "chosen_on": "2009-09-30",
    "coherence": "The same families meet these staff from birth to school age.",
}


def _page(name: str, record: object) -> OpenApiExample:
    covered = {"from": "1997-04-01", "to": "2010-03-31", "within": True}
    return _answer(name, {"next": None, "previous": None, "coverage": covered, "results": [record]})


def _answer(name: str, value: object, status: str = "200") -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=[status], media_type="application/json")


def _body(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True, media_type="application/json")


PLAN = {
    "organisation": "X-KPCT1",
    "title": "Two ways for the provider arm",
    "start": "2009-04-01",
    "separation": "full",
    "groups": [
        {
            "title": "Rehabilitation",
            "services": ["physiotherapy"],
            "coherence": "One team at home and in the clinic.",
            "form": "community-interest-company",
            "on": "2010-10-01",
        }
    ],
}
PLANNED = [_body("A community interest company for rehabilitation", PLAN)]
NAMED = [_body("Two who work on it", {"collaborators": ["carol", "dan"]})]
ARM_PLANS: Examples = {**dict.fromkeys(("create", "update", "preview"), PLANNED), "collaborators": NAMED}
CONTRACTS: Examples = {"list": [_page("A hospital contract", CONTRACT)]}
POOLS: Examples = {"list": [_page("A pool that the council holds", POOL)]}
PILOTS: Examples = {"list": [_page("A nurse-led pilot on 1 April 2000", PILOT)]}
GROUPS: Examples = {"choose": [_body("A community interest company", CHOICE)]}
ANSWERS: Examples = {"create": [_body("Met, with the evidence", ANSWER)]}
