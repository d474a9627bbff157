"""The reference records compared with the documents they were drawn from, and with the facts noted from these.

Neither is part of the project. The facts are looked for in the folder named by PCORG_REGISTERS or, failing that, in
`shared/data` beside the repository; the documents' texts in the folder named by PCORG_DOCUMENTS or in `shared/seeds`.
Where a folder is absent the comparison is skipped. Facts are compared by where they stand: each record cites its lines.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
REFERENCE = REPOSITORY / "fixtures" / "reference"
FACTS = Path(os.environ.get("PCORG_REGISTERS") or REPOSITORY.parent / "shared" / "data") / "seed_facts.yaml"
DOCUMENTS = Path(os.environ.get("PCORG_DOCUMENTS") or REPOSITORY.parent / "shared" / "seeds")
LINES = {"goodwin-2001": "G", "kings-fund-2009": "K"}
NAMES = {
    "professional_client_needs": "professional-and-client-needs",
    "locality_network": "locality-network",
    "key_resources": "key-resources",
    "workforce_motivation": "workforce-motivation",
    "value_for_money": "value-for-money",
    "standalone_community_trust": "stand-alone-community-trust",
    "community_primary": "community-and-primary-care",
    "community_social": "community-and-social-care",
    "community_acute": "community-and-acute-care",
    "vertical_integration_acute_primary": "vertical-integration",
    "alms_length_management_organisation": "arms-length-management-organisation",
    "ips_community_benefit": "community-benefit-society",
    "ips_cooperative": "cooperative-society",
    "children_families": "children-and-families",
    "health_wellbeing": "health-and-wellbeing",
}
"""What the facts call by another name than the records."""
HEDGED_TOO = {"K:1426-1430", "K:1550-1553"}
"""Statements that the document hedges like those of lines 1507 and 1528, and the facts note as plain."""

noted = pytest.mark.skipif(
    not FACTS.is_file(), reason=f"no facts are at {FACTS}; set PCORG_REGISTERS to the folder that holds them"
)


def read(name: str, key: str) -> list[dict[str, Any]]:
    return yaml.safe_load((REFERENCE / f"{name}.yaml").read_text(encoding="utf-8"))[key]


def at(record: dict[str, Any]) -> str:
    """Where a record stands, as the facts write it: `K:1402-1404`."""
    slug, _, locator = record["source"].partition(" ")
    first, _, last = locator.removeprefix("lines ").removeprefix("line ").partition("-")
    return f"{LINES[slug]}:{first}" + (f"-{last}" if last and last != first else "")


def named(key: str) -> str:
    return NAMES.get(key, key.replace("_", "-"))


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    return yaml.safe_load(FACTS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def fact(facts: dict[str, Any]) -> dict[str, Any]:
    return {each["id"]: each.get("value") for each in facts["facts"]}


@pytest.fixture(scope="module")
def forms() -> dict[str, dict[str, Any]]:
    return {form["slug"]: form for form in read("forms", "forms")}


@noted
class TestForms:
    def test_the_levels(self, facts: dict[str, Any], forms: dict[str, dict[str, Any]]) -> None:
        slugs = {1: "pcg-1", 2: "pcg-2", 3: "pct-3", 4: "pct-4"}
        for level in facts["box1_levels"]["levels"]:
            form = forms[slugs[level["level"]]]
            assert form["level"] == level["level"]
            assert form["free_standing"] is level["freestanding"]
            assert form["commissions"] is level["commissions"]
            assert form.get("provides_community_services") is level["provides_community"]
            # Whether level 1 manages a budget the document does not state; what the facts say there is a reading.
            assert form.get("holds_budget") is (None if level["level"] == 1 else level["holds_budget"])
            stated = level.get("commissioning_share_pct")
            assert form.get("commissioning_share") == (stated / 100 if stated else None)
            assert "health-authority" in form["accountable_to"]

    def test_what_each_commissions_in_words(self, forms: dict[str, dict[str, Any]]) -> None:
        words = {slug: form["commissioning_note"] for slug, form in forms.items() if "commissioning_note" in form}
        assert words == {
            "pcg-2": "About 90 per cent of services",
            "pct-3": "Almost all care",
            "pct-4": "Almost all care",
            "care-trust": "All local health and social care",
        }

    def test_their_sizes(self, fact: dict[str, Any], forms: dict[str, dict[str, Any]]) -> None:
        for slug in ("pcg-1", "pcg-2"):
            assert [forms[slug]["population_min"], forms[slug]["population_max"]] == fact["G09"]
            assert f"{fact['G21']:,}" in forms[slug]["population_note"]
        for slug in ("pct-3", "pct-4"):
            assert forms[slug]["population_expected"] == fact["G20"]
            assert "population_min" not in forms[slug]

    def test_their_dates(self, fact: dict[str, Any], forms: dict[str, dict[str, Any]]) -> None:
        months = {"pcg-1": fact["G08"], "care-trust": fact["G32"], "pms-pilot": "1998-04"}
        for slug, month in months.items():
            assert f"{forms[slug]['first_date']:%Y-%m}" == str(month)
        assert forms["pcg-1"]["last_date"].year == fact["G16"]
        assert str(fact["G07"]) in forms["pms-pilot"]["note"]
        for slug in ("total-purchasing-pilot", "extended-fundholding-practice"):
            assert forms[slug]["first_date"].year == fact["G05"]

    def test_every_type_of_organisation(self, facts: dict[str, Any], forms: dict[str, dict[str, Any]]) -> None:
        others = {
            "standard_fundholding": "fundholding-practice",
            "extended_fundholding": "extended-fundholding-practice",
            "locality_commissioning": "locality-commissioning-group",
            "primary_care_group": "pcg-1",
            "primary_care_trust": "pct-3",
            "community_nhs_trust": "community-trust",
        }
        for each in facts["organisation_types"]:
            assert others.get(each["key"], named(each["key"])) in forms

    def test_silence_is_not_no(self, forms: dict[str, dict[str, Any]]) -> None:
        """What the documents do not say of a form is not stated there."""
        for slug in ("pcg-1", "gp-commissioning-pilot", "pms-pilot", "gp-practice"):
            assert "holds_budget" not in forms[slug]
        assert forms["locality-commissioning-group"]["holds_budget"] is False
        providers = {slug for slug, form in forms.items() if form.get("provides_primary_care")}
        assert {"gp-practice", "pms-pilot"} <= providers


@noted
class TestServices:
    def test_groups_and_services(self, facts: dict[str, Any]) -> None:
        held: dict[str, list[str]] = {}
        for service in read("services", "services"):
            held.setdefault(service["group"], []).append(service["label"].replace(" and ", "/"))
        stated = {
            named(group["key"]): [label.replace(" and ", "/") for label in group["services"]]
            for group in facts["table1_portfolio"]["groups"]
        }
        assert {slug: sorted(labels) for slug, labels in held.items()} == {
            slug: sorted(labels) for slug, labels in stated.items()
        }
        assert sum(map(len, held.values())) == facts["table1_portfolio"]["counts"]["total"]
        assert {group["slug"]: at(group) for group in read("services", "groups")} == {
            named(group["key"]): group["at"] for group in facts["table1_portfolio"]["groups"]
        }

    def test_staff_and_whom_they_serve(self, facts: dict[str, Any]) -> None:
        groups = {"babies_children": "babies-and-children", "older_people_end_of_life": "older-people-and-end-of-life"}
        stated = {
            (groups.get(row, row), cell["at"])
            for row, cells in facts["table2_roles"]["rows"].items()
            for cell in cells.values()
            if isinstance(cell, dict)
        }
        held = {
            (role["client_group"], at(role))
            for group in read("staff-groups", "staff_groups")
            for role in group.get("roles", ())
        }
        assert held == stated


@noted
class TestEvaluation:
    def test_criteria_and_options(self, facts: dict[str, Any]) -> None:
        stated = facts["table3"]
        assert {each["slug"]: at(each) for each in read("frameworks", "criteria")} == {
            named(each["key"]): each["label_at"] for each in stated["criteria"]
        }
        held = {each["slug"]: at(each) for each in read("integration-options", "options")}
        assert {named(each["key"]): each["label_at"] for each in stated["options"]}.items() <= held.items()

    def test_every_statement_with_its_polarity_and_its_hedge(self, facts: dict[str, Any]) -> None:
        polarities = {"plus": "strength", "minus": "weakness"}
        stated = {
            each["at"]: (
                named(criterion["key"]),
                named(option),
                polarities.get(each["polarity"], each["polarity"]),
                bool(each.get("qualified")) or each["at"] in HEDGED_TOO,
                bool(each.get("ambiguous")),
            )
            for criterion in facts["table3"]["criteria"]
            for option, cell in criterion["cells"].items()
            for each in cell
        }
        held = {
            at(each): (
                each["criterion"],
                each["option"],
                each["polarity"],
                each.get("qualified", False),
                each.get("ambiguous", False),
            )
            for each in read("evidence", "evidence")
            if each["option"] != "virtual-integration"
        }
        assert held == stated
        assert len(held) == facts["table3"]["statement_counts"]["total_statements"]

    def test_virtual_integration(self, facts: dict[str, Any]) -> None:
        stated = {each["at"] for each in facts["virtual_integration"]["items"]}
        held = {at(each) for each in read("evidence", "evidence") if each["option"] == "virtual-integration"}
        assert held <= stated

    def test_mitigations(self, facts: dict[str, Any]) -> None:
        stated = {
            (named(criterion["key"]), each["at"])
            for criterion in facts["table3"]["criteria"]
            for each in criterion["mitigation"]
        }
        assert {(each["criterion"], at(each)) for each in read("mitigations", "mitigations")} == stated

    def test_benefits_and_risks(self, facts: dict[str, Any], forms: dict[str, dict[str, Any]]) -> None:
        def points(option: dict[str, Any], kind: str, place: Any) -> list[tuple[str, bool]]:
            return [(place(point), point.get("ambiguous", False)) for point in option[kind]]

        stated = {named(form["key"]): form for form in facts["tableC1"]["forms"]}
        held = {option["form"]: option for option in read("provider-arm-options", "options")}
        assert held.keys() == stated.keys()
        for slug, option in held.items():
            family = "provider-arm-nhs" if stated[slug]["family"] == "nhs" else "provider-arm-independent"
            assert forms[slug]["family"] == family
            assert at(option) == stated[slug]["at"]
            for kind in ("benefits", "risks"):
                assert points(option, kind, at) == points(stated[slug], kind, lambda point: point["at"]), slug

    def test_attributes(self, facts: dict[str, Any]) -> None:
        flags, held = facts["tableC1"]["derived_flags"], read("provider-arm-options", "options")

        def having(name: str, *values: str) -> set[str]:
            return {option["form"] for option in held if option.get(name) in values}

        assert having("separate_entity", "yes") == set(map(named, flags["separate_legal_entity"]))
        assert having("charity", "yes") == set(map(named, flags["can_be_charity"]))
        assert having("charity", "no") == set(map(named, flags["cannot_be_charity"]))
        assert having("monopoly", "possible", "yes") == set(map(named, flags["monopoly_risk"]))
        assert having("untested", "yes") == set(map(named, flags["largely_untested"]))
        assert having("asset_lock", "yes") == set(map(named, flags["asset_lock"]))
        needed = having("accountability_framework", "yes")
        assert needed == set(map(named, flags["needs_accountability_framework"]))


@noted
class TestApproachesAndRecommendations:
    def test_stances_and_routes(self, facts: dict[str, Any]) -> None:
        held = read("approaches", "approaches")
        stances = facts["pct_approaches"]["body_text"]
        assert [(at(each), each["axis"]) for each in held if each["drawn_from"] == "stances"] == [
            (each["at"], each["axis"]) for each in stances["items"]
        ]
        routes = facts["pct_approaches"]["seminar_list"]
        assert [at(each) for each in held if each["drawn_from"] == "routes"] == [each["at"] for each in routes["items"]]

    def test_recommendations(self, facts: dict[str, Any]) -> None:
        def items(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
            for value in part.values():
                if isinstance(value, list):
                    yield from value

        stated = facts["recommendations"]
        wanted = [
            (each["id"].lower(), addressee, each["at"])
            for addressee in ("general", "commissioners", "providers", "national")
            for each in items(stated[addressee])
        ]
        held = [(each["slug"], each["addressee"], at(each)) for each in read("recommendations", "recommendations")]
        assert held == wanted
        for addressee, number in stated["counts"].items():
            assert sum(each[1] == addressee for each in held) == number

    def test_named_trusts_are_in_the_portfolio(self, facts: dict[str, Any]) -> None:
        portfolio = (REPOSITORY / "fixtures" / "portfolios" / "england-2006-2015.yaml").read_text(encoding="utf-8")
        for each in facts["named_organisations"]:
            if "ods_2012" in each:
                assert f"code: {each['ods_2012']}" in portfolio, each["name"]


# --- nothing copied -------------------------------------------------------------------------------------------------

LONGEST = 7
"""Words in a row that a text of ours may share with a document: names and set phrases have as many."""
TEXTS = re.compile(r"\.(yaml|jinja|py|md|js|mjs|scss|html|sh|toml)$")


def in_words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))


def shared_runs(words: list[str], known: set[tuple[str, ...]]) -> Iterator[str]:
    """The longest runs of words that a text shares with those known."""
    size, start = LONGEST + 1, 0
    while start + size <= len(words):
        end = start + size
        if tuple(words[start:end]) not in known:
            start += 1
            continue
        while end < len(words) and tuple(words[end - size + 1 : end + 1]) in known:
            end += 1
        yield " ".join(words[start:end])
        start = end


def test_runs_are_found_whole() -> None:
    words = in_words("one two three four five six seven eight nine ten")
    known = {tuple(words[at : at + LONGEST + 1]) for at in range(len(words) - LONGEST)}
    assert list(shared_runs(["so", *words[:9], "end"], known)) == [" ".join(words[:9])]
    assert list(shared_runs(words[:LONGEST], known)) == []


@pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason=f"no documents are at {DOCUMENTS}; set PCORG_DOCUMENTS to the folder that holds them"
)
def test_no_text_of_ours_copies_a_document() -> None:
    known: set[tuple[str, ...]] = set()
    for path in sorted(DOCUMENTS.glob("*.txt")):
        words = in_words(path.read_text(encoding="utf-8"))
        known |= {tuple(words[at : at + LONGEST + 1]) for at in range(len(words) - LONGEST)}
    titles = [" ".join(in_words(source["title"])) for source in read("sources", "sources")]
    tracked = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    copied = {
        f"{name}: {run}"
        for name in tracked.stdout.splitlines()
        if TEXTS.search(name) and (REPOSITORY / name).is_file()
        for run in shared_runs(in_words((REPOSITORY / name).read_text(encoding="utf-8")), known)
        if not any(run in title for title in titles)
    }
    assert known
    assert not copied
