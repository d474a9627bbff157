"""The portfolio "England 2006 to 2015" compared, record by record, with the registers it was stated from.

The registers are not part of the project. They are looked for in the folder named by PCORG_REGISTERS or,
failing that, in `shared/data` beside the repository; where the folder is absent the comparison is skipped.
The portfolio is read plainly here, so that a fault of the loader cannot hide a fault of the facts.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
PORTFOLIO = REPOSITORY / "fixtures" / "portfolios" / "england-2006-2015.yaml"
REGISTERS = Path(os.environ.get("PCORG_REGISTERS") or REPOSITORY.parent / "shared" / "data")

REFORM = dt.date(2013, 4, 1)
COUNTED_ON = dt.date(2013, 7, 1)
# Bodies replaced before 2012, and the body of 2012 whose councils and neighbours they are given.
REPLACED_BY = {"5AN": "TAN", "5P3": "5QV", "5P4": "5QV", "5CC": "TAP", "TAM": "5QW"}
REPLACED_ALONE = {"5AN", "5CC", "TAM"}
# In the notes the key "on" stands without quotes, which YAML 1.1 reads as true.
ON = True
TRUST_FORMS = {"pct-4", "care-trust"}
# Display names that are not the register's name with the form's words added.
OWN_NAMES = {
    "TAN": "North East Lincolnshire Care Trust Plus",
    "TAP": "Blackburn with Darwen Teaching Care Trust Plus",
}
# Names of councils in common use that do not begin with the name of their area.
OWN_COUNCIL_NAMES = {
    "LA-city-of-london": "City of London Corporation",
    "LA-county-durham": "Durham County Council",
    "LA-isles-of-scilly": "Council of the Isles of Scilly",
    "LA-kingston-upon-hull": "Hull City Council",
    "LA-newcastle-upon-tyne": "Newcastle City Council",
    "LA-st-helens": "St Helens Council",
    "LA-york": "City of York Council",
}

pytestmark = pytest.mark.skipif(
    not REGISTERS.is_dir(),
    reason=f"the registers are not at {REGISTERS}; set PCORG_REGISTERS to the folder that holds them",
)


def register(name: str, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    """The rows of one register, by its header."""
    text = (REGISTERS / name).read_bytes().decode(encoding)
    return list(csv.DictReader(io.StringIO(text)))


def council_code(area: str) -> str:
    """Our code of the council of an area: "Bristol, City of" is LA-bristol."""
    plain = re.sub(r", (City|County) of$", "", area).lower()
    return "LA-" + re.sub(r"[^a-z]+", "-", plain).strip("-")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return yaml.safe_load(PORTFOLIO.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def changes(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {change["reference"]: change for change in document["changes"]}


@pytest.fixture(scope="module")
def lives(document: dict[str, Any]) -> dict[str, tuple[dt.date, dt.date]]:
    """For each code the day the body opened and the day it had closed, worked out from the changes."""
    start, never = document["portfolio"]["covers"]["from"], dt.date.max
    opened = {body["code"]: body.get("opened", start) for body in document["bodies"]}
    closed: dict[str, dt.date] = {}
    for change in document["changes"]:
        closed |= dict.fromkeys(change["originals"], change["effective_on"])
        opened |= {body["code"]: change["effective_on"] for body in change.get("resulting", [])}
    return {code: (day, closed.get(code, never)) for code, day in opened.items()}


@pytest.fixture(scope="module")
def bodies(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every body by code, whether there at the start or made by a change."""
    every = list(document["bodies"])
    for change in document["changes"]:
        every += change.get("resulting", [])
    assert len({body["code"] for body in every}) == len(every), "a code stands for two bodies"
    return {body["code"]: body for body in every}


@pytest.fixture(scope="module")
def alive(bodies: dict[str, Any], lives: dict[str, Any]) -> Any:
    """Gives the codes of the bodies of some forms alive on a date."""

    def on(date: dt.date, *forms: str) -> set[str]:
        return {
            code
            for code, (opened, closed) in lives.items()
            if opened <= date < closed and bodies[code]["form"] in forms
        }

    return on


def related(document: dict[str, Any], kind: str) -> list[tuple[str, str]]:
    """Subject and object of each relationship of a kind, as stated."""
    return [(r["subject"], r["object"]) for r in document["relationships"] if r["kind"] == kind]


def test_every_record_says_how_it_is_known_and_where_from(document: dict[str, Any]) -> None:
    records = document["bodies"] + document["relationships"] + document["changes"]
    for change in document["changes"]:
        records = records + change.get("resulting", [])
    assert [r for r in records if not r.get("basis") or not r.get("source")] == []
    counts = [count for r in records for count in r.get("populations", [])]
    assert [count for count in counts if not count.get("basis") or not count.get("source")] == []
    edges = [edge for change in document["changes"] for edge in change.get("edges", [])]
    assert [edge for edge in edges if not edge.get("basis")] == []


def test_codes_are_read_as_text(bodies: dict[str, Any]) -> None:
    """5E1 is a number to some readers of YAML."""
    assert all(isinstance(code, str) for code in bodies)


def test_authorities(bodies: dict[str, Any]) -> None:
    stated = {c: b["name"] for c, b in bodies.items() if b["form"] == "strategic-health-authority"}
    assert stated == {
        row["SHA12CDO"]: f"{row['SHA12NM']} Strategic Health Authority" for row in register("SHA_2012.csv")
    }


def test_councils(bodies: dict[str, Any]) -> None:
    areas = {a for row in register("pct_la_groups.csv") for a in row["local_authorities"].split("; ")}
    stated = {c: b["name"] for c, b in bodies.items() if b["form"] == "local-authority"}
    assert set(stated) == {council_code(area) for area in areas}
    assert len(stated) == 152
    for area in areas:
        code, plain = council_code(area), re.sub(r", (City|County) of$", "", area)
        allowed = {f"{plain}{words} Council" for words in ("", " City", " County", " Borough")}
        assert stated[code] in {OWN_COUNCIL_NAMES[code]} if code in OWN_COUNCIL_NAMES else allowed


def test_trusts_of_october_2006(bodies: dict[str, Any], alive: Any) -> None:
    rows = {row["ods"]: row for row in register("pct_2006_2010_reconstructed.csv")}
    # The reconstruction gives North East Lincolnshire the code it had from September 2007.
    rows["5AN"] = rows.pop("TAN") | {"org_type": "pct"}
    assert alive(dt.date(2006, 10, 1), *TRUST_FORMS) == set(rows)
    for code, row in rows.items():
        care_trust = row["org_type"] == "care_trust"
        words = "Care Trust" if care_trust else "Primary Care Trust"
        assert bodies[code]["name"] == f"{row['name']} {words}"
        assert bodies[code]["form"] == ("care-trust" if care_trust else "pct-4")
        assert bodies[code]["accountable_to"] == row["sha_ods"]


def test_trusts_of_2012(bodies: dict[str, Any], alive: Any) -> None:
    rows = {row["ods"]: row for row in register("pct_2012_master.csv")}
    assert {row["PCO12CDO"]: row["PCO12NM"] for row in register("PCO_2012.csv")} == {
        code: row["name"] for code, row in rows.items()
    }
    assert alive(dt.date(2012, 4, 1), *TRUST_FORMS) == set(rows)
    for code, row in rows.items():
        care_trust = row["org_type"] == "care_trust"
        words = "Care Trust" if care_trust else "Primary Care Trust"
        assert bodies[code]["name"] == OWN_NAMES.get(code, f"{row['name']} {words}")
        assert bodies[code]["form"] == ("care-trust" if care_trust else "pct-4")
        assert bodies[code]["accountable_to"] == row["sha_ods"]


def test_the_level_of_trusts_is_marked_as_inferred(bodies: dict[str, Any]) -> None:
    assert {b.get("form_basis") for b in bodies.values() if b["form"] == "pct-4"} == {"inferred"}


def test_overlaps_with_a_second_authority(document: dict[str, Any], bodies: dict[str, Any]) -> None:
    named = defaultdict(set)
    for row in register("PCO12_SHA12_EN_LU.csv"):
        named[row["PCO12CDO"]].add(row["SHA12CDO"])
    overlaps = related(document, "overlaps")
    assert {subject for subject, _ in overlaps} == {"5K3", "5LH", "5N9", "5QG"}
    for code, authorities in named.items():
        second = {authority for subject, authority in overlaps if subject == code}
        assert {bodies[code]["accountable_to"]} | second == authorities
        assert bodies[code]["accountable_to"] not in second


def test_councils_of_trusts(document: dict[str, Any]) -> None:
    wanted = {
        (row["pct_ods"], council_code(area))
        for row in register("pct_la_groups.csv")
        for area in row["local_authorities"].split("; ")
    }
    wanted |= {(old, council) for old, new in REPLACED_BY.items() for trust, council in wanted if trust == new}
    stated = related(document, "located-in")
    assert len(stated) == len(set(stated))
    assert set(stated) == wanted


def test_neighbouring_trusts(document: dict[str, Any], bodies: dict[str, Any], lives: dict[str, Any]) -> None:
    rows = register("pct_2012_adjacency_derived.csv")
    confidence = {(row["pct_a"], row["pct_b"]): row["confidence"] for row in rows}
    stated = {
        (r["subject"], r["object"]): r["basis"]
        for r in document["relationships"]
        if r["kind"] == "neighbour-of" and bodies[r["subject"]]["form"] in TRUST_FORMS
    }
    of_2012 = {pair: basis for pair, basis in stated.items() if not set(pair) & set(REPLACED_BY)}
    assert of_2012 == {pair: "source" if c == "high" else "inferred" for pair, c in confidence.items()}
    assert len(of_2012) == 395

    forebears = defaultdict(list)
    for old, new in REPLACED_BY.items():
        forebears[new].append(old)
    wanted = {("5P3", "5P4")}
    for a, b in confidence:
        for x in [a, *forebears[a]]:
            for y in [b, *forebears[b]]:
                together = max(lives[x][0], lives[y][0]) < min(lives[x][1], lives[y][1])
                if {x, y} & set(REPLACED_BY) and together:
                    wanted.add((min(x, y), max(x, y)))
    carried = {pair: basis for pair, basis in stated.items() if pair not in of_2012}
    assert carried == dict.fromkeys(wanted, "inferred")


def test_neighbouring_groups(document: dict[str, Any], bodies: dict[str, Any]) -> None:
    stated = [
        (subject, other)
        for subject, other in related(document, "neighbour-of")
        if bodies[subject]["form"] == "clinical-commissioning-group"
    ]
    assert len(stated) == 530
    assert set(stated) == {(row["ccg_a"], row["ccg_b"]) for row in register("ccg_2013_adjacency.csv")}


def test_neighbours_are_stated_once_and_lived_at_one_time(document: dict[str, Any], lives: dict[str, Any]) -> None:
    pairs = related(document, "neighbour-of")
    assert len(pairs) == len(set(pairs))
    assert [pair for pair in pairs if pair[0] >= pair[1]] == []
    for a, b in pairs:
        assert max(lives[a][0], lives[b][0]) < min(lives[a][1], lives[b][1]), f"{a} and {b} never met"


def test_populations_of_trusts(bodies: dict[str, Any]) -> None:
    estimates = {r["ods"]: int(r["est_registered_pop_2013"]) for r in register("pct_2012_master.csv")}
    estimates |= {code: estimates[REPLACED_BY[code]] for code in REPLACED_ALONE}
    stated = {}
    for code, body in bodies.items():
        if body["form"] in TRUST_FORMS and "populations" in body:
            (count,) = body["populations"]
            assert (count["on"], count["basis"]) == (COUNTED_ON, "estimate")
            assert "estimate of 2013" in count["note"]
            stated[code] = count["count"]
    assert stated == estimates


def test_groups_and_their_patients(bodies: dict[str, Any]) -> None:
    names = {row["CCG13CDH"]: row["CCG13NM"].strip() for row in register("CCG_APR_2013.csv", "cp1252")}
    patients = {
        row["ccg_ods"]: int(row["registered_patients"]) for row in register("ccg_registered_population_2013q3.csv")
    }
    groups = {c: b for c, b in bodies.items() if b["form"] == "clinical-commissioning-group"}
    assert {c: b["name"] for c, b in groups.items()} == {
        code: f"{name} Clinical Commissioning Group" for code, name in names.items()
    }
    assert "Queen\N{RIGHT SINGLE QUOTATION MARK}s Park" in groups["08Y"]["name"]
    counts = {code: body["populations"] for code, body in groups.items()}
    assert {code: [(c["count"], c["on"], c["basis"]) for c in given] for code, given in counts.items()} == {
        code: [(count, COUNTED_ON, "registered")] for code, count in patients.items()
    }
    assert sum(patients.values()) == 56_082_553


def test_shares_of_the_reform(changes: dict[str, Any]) -> None:
    reform = changes["2013-clinical-commissioning-groups"]
    rows = {(row["pct"], row["ccg"]): row for row in register("pct_ccg_shares.csv")}
    edges = {(edge["original"], edge["resulting"]): edge for edge in reform["edges"]}
    assert len(edges) == len(reform["edges"]) == len(rows)
    assert {pair: Decimal(str(edge["share"])) for pair, edge in edges.items()} == {
        pair: Decimal(row["share"]) for pair, row in rows.items()
    }
    for pair, edge in edges.items():
        read_directly = rows[pair]["basis"] == "postcodes"
        assert edge["basis"] == ("postcodes" if read_directly else "estimate")
        assert read_directly or edge["note"], f"{pair} does not say why its share is estimated"
    whole: dict[str, Decimal] = defaultdict(Decimal)
    for (original, _), edge in edges.items():
        whole[original] += Decimal(str(edge["share"]))
    assert whole == dict.fromkeys(reform["originals"], Decimal(1))
    assert len(reform["originals"]) == 151
    assert {group for _, group in edges} == {body["code"] for body in reform["resulting"]}


def test_groups_opened_when_the_register_says(lives: dict[str, Any], alive: Any) -> None:
    text = (REGISTERS / "eccg.csv").read_bytes().decode("cp1252")
    opened = {row[0]: row[10] for row in csv.reader(io.StringIO(text))}
    groups = alive(REFORM, "clinical-commissioning-group")
    assert {code: opened[code] for code in groups} == {code: lives[code][0].strftime("%Y%m%d") for code in groups}


def test_changes_are_those_of_the_notes(document: dict[str, Any], bodies: dict[str, Any]) -> None:
    notes = yaml.safe_load((REGISTERS / "england_notes.yaml").read_text(encoding="utf-8"))
    assert document["portfolio"]["covers"] == notes["coverage"]
    *single, reform = notes["changes"]
    stated = [change for change in document["changes"] if change["kind"] != "dissolution"]
    assert len(stated) == len(notes["changes"])
    for noted in single:
        (change,) = [c for c in stated if [b["code"] for b in c["resulting"]] == [noted["resulting"]]]
        assert (change["kind"], change.get("route")) == (noted["kind"], noted.get("route"))
        assert change["effective_on"] == noted[ON]
        assert change["originals"] == noted.get("originals", [noted.get("original")])
        assert bodies[noted["resulting"]]["name"].startswith(noted["name"])
    assert stated[-1]["effective_on"] == reform[ON]
    last = document["changes"][-1]
    assert (last["kind"], last["effective_on"]) == ("dissolution", REFORM)
    assert last["originals"] == [f"Q{number}" for number in range(30, 40)]


def test_trusts_on_dates(alive: Any) -> None:
    """One trust fewer from the day the two of Hertfordshire merged; none from the day of the reform."""
    wanted = {
        "2006-10-01": 152,
        "2007-09-01": 152,
        "2009-04-01": 152,
        "2010-03-31": 152,
        "2010-04-01": 151,
        "2011-04-01": 151,
        "2012-04-01": 151,
        "2013-03-31": 151,
        "2013-04-01": 0,
    }
    assert {date: len(alive(dt.date.fromisoformat(date), *TRUST_FORMS)) for date in wanted} == wanted


def test_counts_by_form_are_those_of_the_notes(alive: Any, bodies: dict[str, Any]) -> None:
    notes = yaml.safe_load((REGISTERS / "england_notes.yaml").read_text(encoding="utf-8"))
    for date, counts in notes["counts"].items():
        living = alive(date, *TRUST_FORMS, "clinical-commissioning-group")
        assert dict(Counter(bodies[code]["form"] for code in living)) == counts, date


def test_london(bodies: dict[str, Any], alive: Any) -> None:
    living = alive(dt.date(2012, 4, 1), *TRUST_FORMS)
    assert sum(bodies[code]["accountable_to"] == "Q36" for code in living) == 31
