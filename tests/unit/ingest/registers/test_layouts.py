"""What each layout says, row by row: what becomes a body and what is left out, with the reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from organisations.portfolios.reading import DocumentRefused
from organisations.registers import reference_xml as xml
from organisations.registers.bodies_csv import read_bodies
from organisations.registers.memberships import read_memberships
from organisations.registers.oddities import OddKind
from organisations.registers.reading import read_csv
from organisations.registers.records import Facts, RegisteredBody, RegisterKind
from organisations.registers.successions import read_successions
from tests.unit.ingest.registers.files import (
    group,
    link_xml,
    organisation_xml,
    practice,
    reference_xml,
    row,
    trust,
    written,
)


def facts_of(tmp_path: Path, kind: RegisterKind, *rows: list[str]) -> Facts:
    facts = Facts()
    read_bodies(read_csv(written(tmp_path / "x.csv", list(rows))), kind, facts)
    return facts


def only(facts: Facts) -> RegisteredBody:
    ((body,),) = facts.bodies.values()
    return body


def odd(facts: Facts) -> list[tuple[OddKind, str]]:
    return [(each.kind, each.code) for each in facts.oddities.met]


def test_a_practice_and_its_membership(tmp_path: Path) -> None:
    given = {"closed": "20150331", "status": "C", "parent": "00K", "joined": "20130401", "left": "20150331"}
    facts = facts_of(tmp_path, RegisterKind.PRACTICES, practice("A81001", "THE SURGERY", **given))
    body = only(facts)
    assert (body.code, body.name, body.form) == ("A81001", "THE SURGERY", "gp-practice")
    assert (body.opened, body.closed) == (date(1974, 4, 1), date(2015, 4, 1))
    (membership,) = facts.memberships
    assert (membership.member, membership.parent) == ("A81001", "00K")
    assert (membership.joined, membership.left) == (date(2013, 4, 1), date(2015, 4, 1))
    assert odd(facts) == []


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        (practice("A81001", setting="25"), OddKind.NOT_A_PRACTICE),
        (practice("A81001", setting=""), OddKind.NOT_A_PRACTICE),
        (practice("W00001", grouping="W00", setting="0"), OddKind.NOT_ENGLAND),
        (practice("Y05206", status="P"), OddKind.PROPOSED),
        (practice("A81001", " "), OddKind.NO_NAME),
        (practice("A8!"), OddKind.NO_CODE),
        (practice("RA2"), OddKind.NO_KIND),
        (practice("A81001", closed="20150231", status="C"), OddKind.BAD_DATE),
        (practice("A81001")[:-1], OddKind.WRONG_WIDTH),
    ],
)
def test_rows_that_make_no_practice(tmp_path: Path, fields: list[str], kind: OddKind) -> None:
    facts = facts_of(tmp_path, RegisterKind.PRACTICES, fields)
    assert not facts.bodies
    assert not facts.memberships
    assert facts.oddities.met[0].kind is kind


def test_a_dormant_practice_stays_open_and_says_so(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, RegisterKind.PRACTICES, practice("A81001", status="D"))
    assert only(facts).closed is None
    assert "Dormant" in only(facts).note
    assert only(facts).remarks == (OddKind.DORMANT,)


def test_filler_is_no_opening(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, RegisterKind.PRACTICES, practice("A81001", opened="19000101"))
    assert only(facts).opened is None
    assert odd(facts) == [(OddKind.FILLER_DATE, "A81001")]


def test_a_name_is_cleaned(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, RegisterKind.PRACTICES, practice("A81001", "DR  SMITH\t& PARTNERS"))
    assert only(facts).name == "DR SMITH & PARTNERS"
    assert odd(facts) == [(OddKind.TRIMMED_NAME, "A81001")]


@pytest.mark.parametrize(
    ("name", "opened", "form", "kinds"),
    [
        ("EALING HOSPITAL NHS TRUST", "19920401", "acute-trust", []),
        ("LEEDS COMMUNITY HEALTHCARE NHS TRUST", "20110401", "community-trust", []),
        ("SUFFOLK MENTAL HEALTH PARTNERSHIP NHS TRUST", "19990401", "mental-health-trust", []),
        ("BARTS HEALTH NHS TRUST", "20120401", "acute-trust", [OddKind.ASSUMED_FORM]),
        (
            "EAST LONDON NHS FOUNDATION TRUST",
            "20000401",
            "acute-trust",
            [OddKind.ASSUMED_FORM, OddKind.FOUNDATION_SINCE],
        ),
        ("TEES, ESK AND WEAR VALLEYS NHS FOUNDATION TRUST", "20060401", "foundation-trust", []),
        ("CAMDEN CARE TRUST", "20020401", "care-trust", []),
    ],
)
def test_the_form_of_a_trust_is_told_by_name_and_date(
    tmp_path: Path, name: str, opened: str, form: str, kinds: list[OddKind]
) -> None:
    facts = facts_of(tmp_path, RegisterKind.TRUSTS, trust("RXX", name, opened))
    assert only(facts).form == form
    assert only(facts).inferred == (form != "care-trust")
    assert list(only(facts).remarks) == kinds


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        (trust("RX6", "NORTH EAST AMBULANCE SERVICE NHS FOUNDATION TRUST"), OddKind.NO_FORM),
        (trust("RQF", "VELINDRE NHS TRUST", grouping="", region="W"), OddKind.NOT_ENGLAND),
    ],
)
def test_trusts_of_which_there_is_no_form_here(tmp_path: Path, fields: list[str], kind: OddKind) -> None:
    facts = facts_of(tmp_path, RegisterKind.TRUSTS, fields)
    assert not facts.bodies
    assert [each.kind for each in facts.oddities.met] == [kind]


def test_a_location_of_today_was_a_group_until_july_2022(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, RegisterKind.GROUPS, group("00L", "NHS NORTH EAST ICB - 00L", subtype="RO319"))
    body = only(facts)
    assert (body.form, body.inferred) == ("clinical-commissioning-group", True)
    assert (body.became, body.became_on) == ("sub-icb-location", date(2022, 7, 1))


def test_a_location_that_opened_after_the_groups_was_never_one(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path, RegisterKind.GROUPS, group("00L", "X ICB - 00L", subtype="RO319|RO326", opened="20230401")
    )
    assert (only(facts).form, only(facts).became) == ("sub-icb-location", "")


@pytest.mark.parametrize("subtype", ["RO218", "RO327"])
def test_hubs_and_reporting_entities_are_left_out(tmp_path: Path, subtype: str) -> None:
    facts = facts_of(tmp_path, RegisterKind.GROUPS, group("13N", "WESSEX HUB", subtype=subtype))
    assert odd(facts) == [(OddKind.NO_FORM, "13N")]
    assert facts.passed_over == {"13N"}


@pytest.mark.parametrize(
    ("code", "name", "form"),
    [
        ("Q31", "NORTH WEST STRATEGIC HEALTH AUTHORITY", "strategic-health-authority"),
        ("QC3", "MANCHESTER HEALTH AUTHORITY", "health-authority"),
        ("QOP", "NHS GREATER MANCHESTER INTEGRATED CARE BOARD", "integrated-care-board"),
        ("QE1", "NHS LANCASHIRE INTEGRATED CARE BOARD", "integrated-care-board"),
        ("5NT", "MANCHESTER PRIMARY CARE TRUST", "pct-4"),
        ("5QW", "SOLIHULL CARE TRUST", "care-trust"),
    ],
)
def test_authorities_by_code_and_name(tmp_path: Path, code: str, name: str, form: str) -> None:
    facts = facts_of(tmp_path, RegisterKind.AUTHORITIES, row(code, name, opened="20020401"))
    assert only(facts).form == form


def test_memberships(tmp_path: Path) -> None:
    facts = Facts()
    rows = [["A81001", "5D9", "P", "20021001", "20130331", "0"], ["A81001", "", "P", "20130401", "", "0"]]
    read_memberships(read_csv(written(tmp_path / "epcmem.csv", rows)), facts)
    (membership,) = facts.memberships
    assert (membership.parent, membership.joined, membership.left) == ("5D9", date(2002, 10, 1), date(2013, 4, 1))
    assert odd(facts) == [(OddKind.NO_CODE, "A81001")]


def test_successions(tmp_path: Path) -> None:
    facts = Facts()
    read_successions(read_csv(written(tmp_path / "succ.csv", [["rw6", "R0A", "M", "20211001", "S"]])), facts)
    (succession,) = facts.successions
    assert (succession.old, succession.new, succession.on) == ("RW6", "R0A", date(2021, 10, 1))


def read_xml(tmp_path: Path, content: str) -> Facts:
    path = tmp_path / "ref.xml"
    path.write_text(content)
    facts = Facts()
    xml.read_reference_xml(path, facts)
    return facts


def test_an_organisation_of_the_reference_data(tmp_path: Path) -> None:
    rels = [link_xml("Rel", "00K", id="RE4"), link_xml("Rel", "Y54", id="RE5")]
    facts = read_xml(
        tmp_path,
        reference_xml(
            organisation_xml("A81001", "THE SURGERY", start="1974-04-01", roles=["RO177", "RO76"], rels=rels),
            organisation_xml("00K", "NHS HARTLEPOOL CCG", end="2020-03-31"),
            organisation_xml("QOP", "NHS MANCHESTER ICB", start="2022-07-01", roles=["RO261", "RO318"]),
        ),
    )
    found = {code: (body.name, body.form, body.opened, body.closed) for code, (body,) in facts.bodies.items()}
    assert found == {
        "A81001": ("THE SURGERY", "gp-practice", date(1974, 4, 1), None),
        "00K": ("NHS HARTLEPOOL CCG", "clinical-commissioning-group", date(2013, 4, 1), date(2020, 4, 1)),
        "QOP": ("NHS MANCHESTER ICB", "integrated-care-board", date(2022, 7, 1), None),
    }
    assert [(each.member, each.parent, each.joined) for each in facts.memberships] == [("A81001", "00K", None)]
    assert facts.oddities.met == []


def test_a_body_legally_closed_is_closed_whatever_runs_on(tmp_path: Path) -> None:
    legal = '<Date><Type value="Legal"/><Start value="2013-04-01"/><End value="2020-03-31"/></Date>'
    facts = read_xml(tmp_path, reference_xml(organisation_xml("00K", "NHS HARTLEPOOL CCG", legal=legal)))
    assert only(facts).closed == date(2020, 4, 1)


def _period(kind: str, start: str, end: str = "") -> str:
    ends = f'<End value="{end}"/>' if end else ""
    return f'<Date><Type value="{kind}"/><Start value="{start}"/>{ends}</Date>'


@pytest.mark.parametrize(
    ("end", "legal", "closed"),
    [
        ("2018-03-31", _period("Legal", "2013-04-01", "2017-09-30"), date(2017, 10, 1)),
        ("2017-09-30", _period("Legal", "2013-04-01", "2018-03-31"), date(2017, 10, 1)),
        ("2018-03-31", _period("Legal", "2013-04-01"), date(2018, 4, 1)),
    ],
)
def test_the_first_of_a_legal_and_an_operational_end_counts(tmp_path: Path, end: str, legal: str, closed: date) -> None:
    facts = read_xml(tmp_path, reference_xml(organisation_xml("00K", "NHS DALE CCG", end=end, legal=legal)))
    assert only(facts).closed == closed


def test_every_operational_period_is_a_life(tmp_path: Path) -> None:
    more = _period("Operational", "2019-04-01") + _period("Legal", "2013-04-01", "2014-12-31")
    found = read_xml(tmp_path, reference_xml(organisation_xml("00K", "NHS DALE CCG", end="2015-03-31", legal=more)))
    assert [(life.opened, life.closed) for life in found.bodies["00K"]] == [
        (date(2013, 4, 1), date(2015, 1, 1)),
        (date(2019, 4, 1), None),
    ]


@pytest.mark.parametrize("spelling", ["Succ", "Successor"])
def test_successions_of_both_directions_and_spellings(tmp_path: Path, spelling: str) -> None:
    links = [
        link_xml(spelling, "13T", "Successor", "2015-04-01", uniqueSuccId="1"),
        link_xml(spelling, "5D9", "Predecessor", "2013-04-01"),
        link_xml(spelling, "5XX", "Neighbour", "2013-04-01"),
        link_xml(spelling, "07Z", type="Successor"),
    ]
    facts = read_xml(tmp_path, reference_xml(organisation_xml("00F", "NHS GATESHEAD CCG", succs=links)))
    assert [(each.old, each.new, each.on) for each in facts.successions] == [
        ("00F", "13T", date(2015, 4, 1)),
        ("5D9", "00F", date(2013, 4, 1)),
        ("00F", "07Z", None),
    ]
    assert odd(facts) == [(OddKind.OTHER_LINK, "00F")]


def test_roles_of_which_there_is_no_form_are_told(tmp_path: Path) -> None:
    facts = read_xml(tmp_path, reference_xml(organisation_xml("8XX01", "A COMPANY", roles=["RO157"])))
    assert odd(facts) == [(OddKind.NO_ROLE, "8XX01")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<HSCOrgRefData><Organisations>", "not well-formed"),
        ("<html></html>", "The root is html"),
        ("<HSCOrgRefData></HSCOrgRefData>", "no Organisation"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><HSCOrgRefData>&a;</HSCOrgRefData>', "Document types and entities"),
        ("<HSCOrgRefData>" + "<a>" * 30 + "</a>" * 30 + "</HSCOrgRefData>", "levels"),
    ],
)
def test_xml_that_is_refused(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        read_xml(tmp_path, content)
    assert words in refused.value.faults[0].message


def test_limits_within_one_organisation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "MOST_ELEMENTS", 30)
    many = organisation_xml("00K", "X", rels=[link_xml("Rel", "Y54", id="RE5")] * 20)
    with pytest.raises(DocumentRefused, match="1 fault"):
        read_xml(tmp_path, reference_xml(many))
    plenty = [organisation_xml(f"{n:02}K", "NHS X CCG") for n in range(50)]
    assert len(read_xml(tmp_path, reference_xml(*plenty)).bodies) == 50


def test_a_text_without_end_is_not_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "LONGEST", 100_000)
    long: Any = reference_xml(organisation_xml("00K", "X" * 400_000))
    with pytest.raises(DocumentRefused) as refused:
        read_xml(tmp_path, long)
    assert "single text" in refused.value.faults[0].message
