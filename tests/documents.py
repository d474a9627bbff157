"""Portfolio documents that tests begin from, as plain data to be altered."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from organisations.portfolios.reading import parse
from organisations.portfolios.stated import Stated, stated_by

KNOWN = {"basis": "illustrative", "source": "pcorg-illustration"}


def body(code: str, name: str, form: str, **more: Any) -> dict[str, Any]:
    """A body of an illustrative portfolio."""
    return {"code": code, "name": name, "form": form, **KNOWN, **more}


def people(count: int, on: str = "2001-04-01") -> dict[str, Any]:
    """Registered people."""
    return {"count": count, "on": on, "basis": "registered"}


def coast() -> dict[str, Any]:
    """Two trusts of an invented coast that merge in 2006, with everything commissioning knows a section for."""
    document: dict[str, Any] = {
        "schema": "pcorg-portfolio/1",
        "portfolio": {
            "slug": "small-coast",
            "title": "Small coast",
            "illustrative": True,
            "covers": {"from": "1998-04-01", "to": "2010-03-31"},
            "summary": "Two trusts that become one.",
            "attribution": "Invented.",
            "limits": ["Everything is invented."],
        },
        "bodies": [
            body("X-SHA", "Small Coast Health Authority", "health-authority"),
            body("X-SLA", "Small Coast Council", "local-authority"),
            body("X-SHO", "Small Coast Hospital", "acute-trust"),
            body("X-SP1", "Quay Surgery", "gp-practice"),
            body("X-SPM", "Quay pilot", "pms-pilot", opened="1998-04-01"),
            body("X-SA", "East Coast Trust", "pct-4", opened="2001-04-01", populations=[people(90_001)]),
            body("X-SB", "West Coast Trust", "pct-4", opened="2001-04-01", populations=[people(110_000)]),
        ],
        "relationships": [
            {"kind": "neighbour-of", "subject": "X-SA", "object": "X-SB", **KNOWN},
            {"kind": "located-in", "subject": "X-SA", "object": "X-SLA", "share": 0.5, **KNOWN},
        ],
        "changes": [
            {
                "reference": "one-coast",
                "kind": "merger",
                "effective_on": "2006-10-01",
                "title": "One trust for the coast",
                **KNOWN,
                "evidence": {"consultation-held": "Three months"},
                "originals": ["X-SA", "X-SB"],
                "resulting": [{"code": "X-SC", "name": "Small Coast Trust", "form": "pct-4"}],
            }
        ],
        "premises": [
            {
                "code": "X-S-B1",
                "title": "Quay Health Centre",
                "type": "health-centre",
                "organisation": "X-SA",
                "built": 1974,
                "purpose_built": True,
                **KNOWN,
            }
        ],
        "provisions": [
            {
                "code": "X-S-S1",
                "service": "district-nurses",
                "provider": "X-SA",
                "wte": 40.5,
                "annual_value": 1200000,
                "contacts": 60000,
                "price_year": "2002/03",
                "premises": ["X-S-B1"],
                **KNOWN,
            },
            {
                "code": "X-S-S2",
                "title": "Foot care at the quay",
                "service": "chiropody",
                "provider": "X-SC",
                "annual_value": 300000.50,
                "round_the_clock": False,
                "price_year": "2007/08",
                **KNOWN,
                "note": "From the merger on.",
            },
        ],
        "contracts": [
            {
                "code": "X-S-C1",
                "title": "Hospital care",
                "type": "block",
                "sector": "acute",
                "services": ["physiotherapy"],
                "commissioner": "X-SA",
                "provider": "X-SHO",
                "annual_value": 18250000.10,
                "price_year": "2003/04",
                "start": "2003-04-01",
                "end": "2009-04-01",
                "measures": [{"text": "Seen in time", "target": "90 per cent"}],
                **KNOWN,
            },
            {
                "code": "X-S-C2",
                "title": "Quay pilot's contract",
                "type": "pms",
                "sector": "primary",
                "commissioner": "X-SHA",
                "provider": "X-SPM",
                "annual_value": 250000,
                "price_year": "1998/99",
                "start": "1998-04-01",
                "end": "2001-04-01",
                **KNOWN,
            },
            {
                "code": "X-S-C3",
                "title": "Agreement with its own services",
                "type": "service-level-agreement",
                "sector": "community",
                "commissioner": "X-SB",
                "provider": "X-SB",
                "annual_value": 4000000,
                "price_year": "2004/05",
                "start": "2004-04-01",
                **KNOWN,
            },
        ],
        "budgets": [
            {
                "code": "X-S-M1",
                "title": "Prescribing, east",
                "stream": "prescribing",
                "price_year": "2003/04",
                "set_by": "capitation",
                "organisation": "X-SA",
                "amount": 9000000.01,
                "start": "2003-04-01",
                **KNOWN,
            }
        ],
        "pooled_budgets": [
            {
                "code": "X-S-Q1",
                "title": "Learning disabilities",
                "flexibility": "pooled",
                "client_group": "Adults with learning disabilities",
                "price_year": "2003/04",
                "purpose": "One service for both.",
                "start": "2003-04-01",
                "contributions": [
                    {"partner": "X-SA", "amount": 4200000},
                    {"partner": "X-SLA", "amount": 6100000, "hosts": True},
                ],
                **KNOWN,
            }
        ],
        "staffing": [
            {
                "code": "X-S-W1",
                "title": "District nurses",
                "staff_group": "district-nurse",
                "service": "district-nurses",
                "organisation": "X-SA",
                "wte": 40.5,
                "headcount": 52,
                **KNOWN,
            }
        ],
        "provider_arms": [
            {
                "code": "X-S-V1",
                "title": "Provider services of the east",
                "organisation": "X-SA",
                "approaches": ["soft-separation"],
                "separations": [
                    {"separation": "none", "start": "2001-04-01"},
                    {"separation": "internal", "start": "2008-04-01"},
                ],
                "milestones": [{"title": "Internal separation", "due": "2008-04-01", "reached": "2008-03-18"}],
                **KNOWN,
            }
        ],
        "portfolio_groups": [
            {
                "code": "X-S-G1",
                "title": "Nursing at home",
                "arm": "X-S-V1",
                "services": ["district-nurses", "community-matrons"],
                "coherence": "The same people at home.",
                "chosen_form": "community-interest-company",
                "chosen_on": "2009-09-30",
                **KNOWN,
            }
        ],
        "pms_pilots": [
            {
                "organisation": "X-SPM",
                "contract": "X-S-C2",
                "wave": 1,
                "variant": "nurse-led",
                "salaried_gps": 2,
                "nurses": 4.5,
                "practices": ["X-SP1"],
                "term_ends": "2001-04-01",
                "at_end": "permanent",
                **KNOWN,
            }
        ],
        "recommendation_answers": [
            {
                "organisation": "X-SC",
                "recommendation": "r1",
                "state": "under-way",
                "evidence": "A plan is written.",
                "answered_on": "2009-06-01",
                "by": "The board",
                **KNOWN,
            }
        ],
    }
    return deepcopy(document)


def stated(document: dict[str, Any]) -> Stated:
    """What a document states, each fault with its line in the document written out as JSON."""
    return stated_by(parse(json.dumps(document, indent=1).encode(), name="document.json"))


def written(document: dict[str, Any], folder: Path, name: str = "document.json") -> Path:
    """The document in a file."""
    path = folder / name
    path.write_text(json.dumps(document, indent=1))
    return path
