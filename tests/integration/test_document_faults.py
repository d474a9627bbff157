"""Every rule a loader holds of what a document says of commissioning: each fault with its place and what to do, all of
them at once, and nothing loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from organisations.portfolios.reading import DocumentRefused
from organisations.services.load_portfolio import load_portfolio, load_stated
from tests.documents import KNOWN, body, coast, stated, written

pytestmark = pytest.mark.django_db

Document = dict[str, Any]
Plant = Callable[[Document], Any]


def _set(section: str, number: int, **fields: Any) -> Plant:
    return lambda document: document[section][number].update(fields)


def _drop(section: str, number: int, field: str) -> Plant:
    return lambda document: document[section][number].pop(field)


def _add(section: str, **fields: Any) -> Plant:
    return lambda document: document[section].append(document[section][0] | fields)


def _all(*plants: Plant) -> Plant:
    def plant(document: Document) -> None:
        for each in plants:
            each(document)

    return plant


def _without_budget(document: Document) -> None:
    document["bodies"].append(body("X-SG1", "Locality Group", "locality-commissioning-group", opened="1998-04-01"))
    document["budgets"][0] |= {"organisation": "X-SG1", "start": "1998-04-01"}


FAULTS: dict[str, tuple[Plant, str, str]] = {
    # what cannot be read
    "an unknown section": (lambda document: document.update(wards=[]), "/wards", "no such field"),
    "an unknown field": (_set("contracts", 0, colour="red"), "/contracts/0/colour", "no such field"),
    "a field left out": (_drop("budgets", 0, "stream"), "/budgets/0/stream", "must be given"),
    "a word of no vocabulary": (_set("premises", 0, type="castle"), "/premises/0/type", "is not one of"),
    "a date that is none": (_set("contracts", 0, end="soon"), "/contracts/0/end", "Give a date"),
    "an amount below nothing": (_set("budgets", 0, amount=-1), "/budgets/0/amount", "at least 0"),
    "an amount with thirds of a penny": (_set("budgets", 0, amount=1.333), "/budgets/0/amount", "two decimal places"),
    "a price year that is none": (_set("budgets", 0, price_year="2008"), "/budgets/0/price_year", "2008/09"),
    "years that do not follow": (
        _set("budgets", 0, price_year="2008/10"),
        "/budgets/0/price_year",
        "follow each other",
    ),
    "an amount without end": (_set("budgets", 0, amount="Infinity"), "/budgets/0/amount", "Give a decimal number"),
    "an amount that is true": (_set("budgets", 0, amount=True), "/budgets/0/amount", "Give a decimal number"),
    "contacts that are true": (
        _set("provisions", 0, contacts=True),
        "/provisions/0/contacts",
        "Must be a whole number",
    ),
    "a wave that is true": (_set("pms_pilots", 0, wave=True), "/pms_pilots/0/wave", "Must be a whole number"),
    "people that are true": (
        lambda document: document["bodies"][5]["populations"][0].update(count=True),
        "/bodies/5/populations/0/count",
        "Must be a whole number",
    ),
    "a day with its hour": (_set("contracts", 0, end="2009-04-01T10:00"), "/contracts/0/end", "without a time"),
    "a title of spaces": (_set("budgets", 0, title="  "), "/budgets/0/title", "must be filled in"),
    "text that no database keeps": (_set("pooled_budgets", 0, purpose="a\0"), "/pooled_budgets/0/purpose", "U+0000"),
    "half a person": (_set("staffing", 0, headcount=1.5), "/staffing/0/headcount", "whole number"),
    "a code with a space": (_set("budgets", 0, code="X M1"), "/budgets/0/code", "letters, digits and hyphens"),
    "an arm without a step": (_set("provider_arms", 0, separations=[]), "/provider_arms/0/separations", "at least one"),
    # references
    "an unknown service": (_set("provisions", 0, service="alchemy"), "/provisions/0/service", "called alchemy"),
    "an unknown type": (_set("contracts", 0, type="handshake"), "/contracts/0/type", "called handshake"),
    "an unknown staff group": (_set("staffing", 0, staff_group="wizard"), "/staffing/0/staff_group", "called wizard"),
    "an unknown approach": (_set("provider_arms", 0, approaches=["luck"]), "/provider_arms/0/approaches/0", "luck"),
    "an unknown recommendation": (
        _set("recommendation_answers", 0, recommendation="r99"),
        "/recommendation_answers/0/recommendation",
        "called r99",
    ),
    "a form no arm takes": (
        _set("portfolio_groups", 0, chosen_form="pct-4"),
        "/portfolio_groups/0/chosen_form",
        "form for a provider arm",
    ),
    "an unknown source": (_set("budgets", 0, source="hearsay"), "/budgets/0/source", "no source called hearsay"),
    "no basis": (_drop("staffing", 0, "basis"), "/staffing/0/basis", "how it is known"),
    "an unknown body": (_set("contracts", 0, provider="X-ZZ"), "/contracts/0/provider", "code X-ZZ"),
    "an unknown partner": (
        lambda document: document["pooled_budgets"][0]["contributions"][0].update(partner="X-ZZ"),
        "/pooled_budgets/0/contributions/0/partner",
        "code X-ZZ",
    ),
    "a real body": (_set("contracts", 0, provider="5M1"), "/contracts/0/provider", "no dealings"),
    "unknown premises": (_set("provisions", 0, premises=["X-ZZ"]), "/provisions/0/premises/0", "X-ZZ"),
    "an unknown arm": (_set("portfolio_groups", 0, arm="X-ZZ"), "/portfolio_groups/0/arm", "X-ZZ"),
    "an unknown contract": (_set("pms_pilots", 0, contract="X-ZZ"), "/pms_pilots/0/contract", "X-ZZ"),
    "known after nothing": (_set("budgets", 0, known_after="never"), "/budgets/0/known_after", "called never"),
    # codes
    "a code of another kind": (_set("budgets", 0, code="X-S-C1"), "/budgets/0/code", "already stands for the contract"),
    "an arm with two holders": (
        _add("provider_arms", organisation="X-SB"),
        "/provider_arms/1/code",
        "Where it passes to another body, a change says so",
    ),
    "a code of another portfolio": (_set("contracts", 0, code="X-KC001"), "/contracts/0/code", "illustrative-trusts"),
    "a code of what is real": (_set("budgets", 0, code="M1"), "/budgets/0/code", "begin with X-"),
    "the same answer twice": (
        _add("recommendation_answers", state="not-started"),
        "/recommendation_answers/1",
        "twice",
    ),
    # periods
    "an end before the start": (_set("contracts", 0, end="2003-04-01"), "/contracts/0/end", "ends before it begins"),
    "a start before the body": (_set("budgets", 0, start="1999-04-01"), "/budgets/0/organisation", "Give a start"),
    "a start after the body": (_set("budgets", 0, start="2007-04-01"), "/budgets/0/organisation", "closed on"),
    "steps out of order": (
        lambda document: document["provider_arms"][0]["separations"].append(
            {"separation": "full", "start": "2007-01-01"}
        ),
        "/provider_arms/0/separations/2/start",
        "in order of their dates",
    ),
    # contracts and money
    "a contract with itself": (_set("contracts", 0, provider="X-SA"), "/contracts/0/provider", "with itself"),
    "no host": (
        lambda document: document["pooled_budgets"][0]["contributions"][1].update(hosts=False),
        "/pooled_budgets/0/contributions",
        "No partner hosts",
    ),
    "two hosts": (
        lambda document: document["pooled_budgets"][0]["contributions"][0].update(hosts=True),
        "/pooled_budgets/0/contributions",
        "2 partners host",
    ),
    "a partner twice": (
        lambda document: document["pooled_budgets"][0]["contributions"].append({"partner": "X-SA", "amount": 1}),
        "/pooled_budgets/0/contributions/2/partner",
        "add the amounts up",
    ),
    "a pool without a council": (
        lambda document: document["pooled_budgets"][0]["contributions"][1].update(partner="X-SHO"),
        "/pooled_budgets/0/contributions",
        "No partner is a council",
    ),
    "a pool without the NHS": (
        lambda document: document["pooled_budgets"][0]["contributions"].pop(0),
        "/pooled_budgets/0/contributions",
        "No partner is an NHS body",
    ),
    "a budget of a group that the source says held none": (
        _without_budget,
        "/budgets/0/organisation",
        "its health authority",
    ),
    "an arm of a council": (
        _all(_set("provider_arms", 0, organisation="X-SLA"), lambda document: document["portfolio_groups"].clear()),
        "/provider_arms/0/organisation",
        "Name the primary care trust",
    ),
    # pilots
    "a PMS contract with a trust": (
        _set("contracts", 1, commissioner="X-SHO"),
        "/contracts/1/commissioner",
        "no health authority",
    ),
    "a PMS contract with a hospital": (
        _all(_set("contracts", 1, provider="X-SHO"), lambda document: document.pop("pms_pilots")),
        "/contracts/1/provider",
        "Personal medical services pilot",
    ),
    "a pilot's contract of another type": (
        _set("pms_pilots", 0, contract="X-S-C1"),
        "/pms_pilots/0/contract",
        "of type",
    ),
    "a contract with somebody else": (
        _set("pms_pilots", 0, organisation="X-SP1"),
        "/pms_pilots/0/contract",
        "not with this pilot",
    ),
    "a contract beyond the term": (
        _set("pms_pilots", 0, term_ends="2002-04-01"),
        "/pms_pilots/0/term_ends",
        "its term",
    ),
    "a practice that had closed": (
        lambda document: (
            document["bodies"].append(
                body("X-SP3", "New Surgery", "gp-practice", opened="1999-04-01", closed="2000-04-01")
            ),
            document["pms_pilots"][0].update(practices=["X-SP3"], provider="X-SA"),
        ),
        "/pms_pilots/0/practices/0",
        "closed on",
    ),
    # arms, groups, answers
    "a milestone twice": (
        lambda document: document["provider_arms"][0]["milestones"].append(
            {"title": "Internal separation", "due": "2009-04-01"}
        ),
        "/provider_arms/0/milestones/1/title",
        "that title",
    ),
    "a service in two groups": (
        _add("portfolio_groups", code="X-S-G2", services=["self-care", "district-nurses"]),
        "/portfolio_groups/1/services/1",
        "one group",
    ),
    "a form without its day": (_drop("portfolio_groups", 0, "chosen_on"), "/portfolio_groups/0/chosen_on", "on a day"),
    "a form chosen before": (
        _set("portfolio_groups", 0, chosen_on="1999-04-01"),
        "/portfolio_groups/0/chosen_on",
        "Nobody holds the group",
    ),
    "met without evidence": (
        _all(_set("recommendation_answers", 0, state="met"), _drop("recommendation_answers", 0, "evidence")),
        "/recommendation_answers/0/evidence",
        "by what evidence",
    ),
    "an answer to come": (
        _set("recommendation_answers", 0, answered_on="2190-01-01"),
        "/recommendation_answers/0/answered_on",
        "cannot lie ahead",
    ),
    # bodies
    "a body that closes first": (_set("bodies", 3, closed="1990-04-01"), "/bodies/3/closed", "before it opens"),
    "an unknown far end": (
        lambda document: document["relationships"].append(
            {"kind": "member-of", "subject": "X-SP1", "object": "X-ZZ", **KNOWN}
        ),
        "/relationships/2/object",
        "code X-ZZ",
    ),
}


def rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def refused(document: Document) -> DocumentRefused:
    """The refusal of a document, of which nothing must be loaded."""
    before = rows()
    with pytest.raises(DocumentRefused) as caught:
        load_stated(stated=stated(document), by="tests")
    assert rows() == before
    return caught.value


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_told_alone_with_its_place_and_remedy(kind: str) -> None:
    plant, pointer, words = FAULTS[kind]
    document = coast()
    plant(document)
    found = refused(document).faults
    assert [fault.pointer for fault in found] == [pointer]
    assert words in found[0].message
    assert found[0].line is not None


def _many_faults() -> tuple[Document, set[str]]:
    """A document with faults of 22 kinds, each in a record of its own; and their pointers."""
    document = coast()
    expected: set[str] = set()
    own = {name: list(records) for name, records in document.items() if isinstance(records, list)}

    def copied(section: str, code: str, **fields: Any) -> str:
        document[section].append(own[section][0] | {"code": code} | fields)
        return f"/{section}/{len(document[section]) - 1}"

    document["bodies"].append(body("X-SG1", "Advisory Group", "locality-commissioning-group", opened="1998-04-01"))
    document["wards"] = []
    expected.add("/wards")
    expected |= {
        copied("contracts", "X-S-C11", colour="red") + "/colour",
        copied("contracts", "X-S-C12", type="handshake") + "/type",
        copied("contracts", "X-S-C13", provider="X-SA") + "/provider",
        copied("contracts", "X-S-C14", end="2003-04-01") + "/end",
        copied("contracts", "X-S-C15", provider="X-ZZ") + "/provider",
        copied("contracts", "X-S-C1") + "/code",
        copied("contracts", "C16") + "/code",
        copied("budgets", "X-S-M11", price_year="2008") + "/price_year",
        copied("budgets", "X-S-M12", amount=-1) + "/amount",
        copied("budgets", "X-S-M13", start="1999-04-01") + "/organisation",
        copied("budgets", "X-S-M14", organisation="X-SG1") + "/organisation",
        copied("premises", "X-S-B11", type="castle") + "/type",
        copied("provisions", "X-S-S11", service="alchemy") + "/service",
        copied("provisions", "X-S-S12", premises=["X-ZZ"]) + "/premises/0",
        copied("staffing", "X-S-W11", staff_group="wizard") + "/staff_group",
        copied("staffing", "X-S-W12", source="hearsay") + "/source",
        copied("provider_arms", "X-S-V11", separations=[]) + "/separations",
        copied("portfolio_groups", "X-S-G11", services=["self-care"], chosen_on=None) + "/chosen_on",
        copied("pooled_budgets", "X-S-Q11", contributions=[{"partner": "X-SLA", "amount": 1, "hosts": True}])
        + "/contributions",
    }
    answers = document["recommendation_answers"]
    answers.append(answers[0] | {"recommendation": "r2", "state": "met", "evidence": ""})
    document["changes"].append(
        {
            "reference": "nobody",
            "kind": "dissolution",
            "effective_on": "2007-04-01",
            "title": "Nobody ends",
            **KNOWN,
            "originals": ["X-ZY"],
        }
    )
    return document, expected | {"/recommendation_answers/1/evidence", "/changes/1/originals/0"}


def test_twenty_planted_faults_are_told_at_once_with_their_places(tmp_path: Path) -> None:
    document, expected = _many_faults()
    before = rows()
    with pytest.raises(DocumentRefused) as caught:
        load_portfolio(path=written(document, tmp_path), by="tests")
    assert len(expected) >= 20
    assert {fault.pointer for fault in caught.value.faults} == expected
    assert all(fault.line and fault.message.endswith(".") for fault in caught.value.faults)
    assert rows() == before


class TestTainting:
    """What only fails because something else failed is not told of again."""

    def test_what_rests_on_a_record_that_cannot_be_read(self) -> None:
        document = coast()
        del document["contracts"][1]["sector"]
        del document["provider_arms"][0]["title"]
        del document["premises"][0]["title"]
        del document["bodies"][2]["name"]
        pointers = {fault.pointer for fault in refused(document).faults}
        assert pointers == {
            "/contracts/1/sector",
            "/provider_arms/0/title",
            "/premises/0/title",
            "/bodies/2/name",
        }

    def test_what_rests_on_a_change_that_cannot_be(self) -> None:
        document = coast()
        document["changes"][0]["originals"] = ["X-SA", "X-SHO"]
        document["changes"][0]["effective_on"] = "1999-10-01"
        assert {fault.pointer for fault in refused(document).faults} == {"/changes/0/originals/0"}

    def test_what_rests_on_a_thing_that_begins_too_early(self) -> None:
        document = coast()
        document["provider_arms"][0]["separations"][0]["start"] = "1999-04-01"
        assert {fault.pointer for fault in refused(document).faults} == {"/provider_arms/0/organisation"}
