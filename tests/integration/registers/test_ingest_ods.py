"""Registers ingested: what they make, that a second time changes nothing, what a later edition brings."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from organisations.models import (
    Change,
    FormPeriod,
    LineageEdge,
    LoadedRecord,
    NamePeriod,
    Organisation,
    Portfolio,
    PortfolioLoad,
    Relationship,
)
from organisations.selectors.gaps import in_two_groups
from pcorg import diagnosis
from pcorg.core.audit.checking import chain_faults
from pcorg.core.audit.trail import data_version
from tests.unit.ingest.registers.files import (
    group,
    link_xml,
    organisation_xml,
    practice,
    reference_xml,
    trust,
    written,
)

pytestmark = pytest.mark.django_db

REFORM = date(2017, 4, 1)
Ingest = Callable[..., str]


@pytest.fixture
def ingest(tmp_path: Path) -> Ingest:
    """Ingests rows by the names of their files, in one run; gives what was said."""

    def ingest(files: dict[str, list[list[str]] | str], *words: str) -> str:
        paths = []
        for name, content in files.items():
            path = tmp_path / name
            if isinstance(content, str):
                path.write_text(content, encoding="utf-8")
            else:
                written(path, content)
            paths.append(path)
        out = StringIO()
        call_command("ingest_ods", *paths, *words, stdout=out, stderr=out)
        return out.getvalue()

    return ingest


# 91A and 91B merge into 91C; the practice B99001 goes along, B99002 had closed.
GROUPS = [
    group("91A", "NHS NORTH DALE CCG", closed="20170331"),
    group("91B", "NHS SOUTH DALE CCG", closed="20170331"),
    group("91C", "NHS DALE CCG", opened="20170401"),
]
PRACTICES = [
    practice("B99001", "THE MILL", parent="91A", joined="20130401"),
    practice("B99002", "THE FORD", parent="91B", joined="20130401", left="20160630", closed="20160630", status="C"),
]
DALE: dict[str, list[list[str]] | str] = {
    "eccg.csv": GROUPS,
    "epraccur.csv": PRACTICES,
    "succ.csv": [["91A", "91C", "M", "20170401", "S"], ["91B", "91C", "M", "20170331", "S"]],
}


def members(code: str, on: date) -> list[str]:
    relationships = Relationship.objects.as_of(on).filter(kind="member-of", object=code)
    return list(relationships.order_by("subject").values_list("subject_id", flat=True))


def rows() -> list[int]:
    models = (Organisation, NamePeriod, FormPeriod, Relationship, Change, LineageEdge, LoadedRecord, PortfolioLoad)
    return [model._default_manager.count() for model in models]


def test_bodies_memberships_and_successions_become_one_history(ingest: Ingest) -> None:
    said = ingest(DALE)
    assert "5 bodies, 2 memberships, 1 change new" in said
    lives = dict(Organisation.objects.filter(portfolio="ods-registers").values_list("code", "closed"))
    assert lives == {"91A": REFORM, "91B": REFORM, "91C": None, "B99001": None, "B99002": date(2016, 7, 1)}
    merger = Change.objects.get(portfolio="ods-registers")
    assert (merger.kind, merger.effective_on, merger.recorded) == ("merger", REFORM, True)
    assert set(LineageEdge.objects.filter(change=merger).values_list("original", "resulting", "share")) == {
        ("91A", "91C", 1),
        ("91B", "91C", 1),
    }
    assert members("91A", date(2016, 1, 1)) == ["B99001"]
    assert members("91C", REFORM) == ["B99001"]
    assert members("91B", date(2016, 7, 1)) == []
    assert not list(chain_faults())


def test_every_record_says_which_register_it_is_from(ingest: Ingest) -> None:
    ingest(DALE)
    mill = Organisation.objects.get(pk="B99001")
    assert (mill.basis, mill.source_id, mill.locator) == ("register", "ods-epraccur", "epraccur.csv")
    portfolio = Portfolio.objects.get(pk="ods-registers")
    assert not portfolio.illustrative
    assert portfolio.attribution == "Contains NHS England and ONS data, Crown copyright, OGL v3"
    assert PortfolioLoad.objects.get(portfolio=portfolio).file_name == "eccg.csv, epraccur.csv, succ.csv"


def test_a_second_time_changes_nothing(ingest: Ingest) -> None:
    ingest(DALE)
    before, version = rows(), data_version()
    said = ingest(DALE)
    assert "nothing new" in said
    assert "held otherwise: 0" in said
    assert (rows(), data_version()) == (before, version)


def test_files_one_by_one_come_to_the_same_bodies_and_memberships(ingest: Ingest) -> None:
    ingest({"eccg.csv": GROUPS})
    ingest({"epraccur.csv": PRACTICES})
    assert members("91A", date(2016, 1, 1)) == ["B99001"]
    said = ingest({"succ.csv": DALE["succ.csv"]})
    assert "whose closing is recorded already" in said
    assert "nothing new" in said


def test_a_dry_run_says_the_same_and_writes_nothing(ingest: Ingest) -> None:
    before, version = rows(), data_version()
    assert "5 bodies, 2 memberships, 1 change would be new" in ingest(DALE, "--dry-run")
    assert (rows(), data_version()) == (before, version)


def test_a_later_edition_adds_and_closes(ingest: Ingest) -> None:
    ingest(DALE)
    later = [
        practice("B99001", "THE MILL", parent="91C", joined="20170401", closed="20180930", status="C", left="20180930"),
        PRACTICES[1],
        practice("B99003", "THE WEIR", parent="91C", joined="20180101", opened="20180101"),
    ]
    said = ingest({"epraccur.csv": later})
    assert "1 body, 1 membership, 1 change new" in said
    closing = Change.objects.get(kind="dissolution", portfolio="ods-registers")
    assert (closing.effective_on, closing.title) == (date(2018, 10, 1), "THE MILL closed")
    assert members("91C", date(2018, 9, 30)) == ["B99001", "B99003"]
    assert members("91C", date(2018, 10, 1)) == ["B99003"]
    assert "nothing new" in ingest({"epraccur.csv": later})


def test_what_a_later_edition_says_otherwise_is_told_and_not_written(ingest: Ingest) -> None:
    ingest(DALE)
    before = rows()
    said = ingest(
        {
            "eccg.csv": [group("91C", "NHS DALE AND MOOR CCG", opened="20160401")],
            "epraccur.csv": [practice("B99002", "THE FORD", parent="91B", joined="20130401")],
        }
    )
    for words in ("Held under another name", "Held with another opening", "Held with another closing"):
        assert words in said
    assert rows() == before


def test_a_practice_that_has_moved_is_told_with_what_to_do(ingest: Ingest) -> None:
    ingest({"eccg.csv": [group("91A"), group("91B")], "epraccur.csv": PRACTICES[:1]})
    moved = [practice("B99001", "THE MILL", parent="91B", joined="20160401")]
    said = ingest({"epraccur.csv": moved})
    assert "Record a transfer of the practice" in said
    assert members("91A", date(2016, 6, 1)) == ["B99001"]


def test_bodies_of_another_portfolio_are_compared_and_may_have_members(ingest: Ingest) -> None:
    said = ingest(
        {
            "eccg.csv": [group("00K", "NHS HARTLEPOOL AND STOCKTON-ON-TEES CCG", closed="20200331")],
            "epraccur.csv": [practice("B99001", parent="00K", joined="20130401")],
        }
    )
    assert "Held by another portfolio already" in said
    assert "00K: register 2020-04-01, held open" in said
    assert "Held under another name" not in said
    assert Organisation.objects.get(pk="00K").portfolio_id == "england-2006-2015"
    assert members("00K", REFORM) == ["B99001"]


def test_a_location_of_a_board_was_a_group_before(ingest: Ingest) -> None:
    ingest({"eccg.csv": [group("91A", "NHS MOOR ICB - 91A", subtype="RO319")]})
    spells = FormPeriod.objects.filter(organisation="91A").order_by("start")
    assert [(spell.form_id, spell.start, spell.end, spell.basis) for spell in spells] == [
        ("clinical-commissioning-group", date(2013, 4, 1), date(2022, 7, 1), "inferred"),
        ("sub-icb-location", date(2022, 7, 1), None, "inferred"),
    ]


def test_a_split_needs_shares_which_a_file_can_give(ingest: Ingest, tmp_path: Path) -> None:
    files: dict[str, list[list[str]] | str] = {
        "eccg.csv": [group("91A", closed="20170331"), group("91B", opened="20170401"), group("91C", opened="20170401")],
        "succ.csv": [["91A", "91B", "", "20170401", "S"], ["91A", "91C", "", "20170401", "S"]],
    }
    assert "shares are never invented" in ingest(files, "--dry-run")
    shares = tmp_path / "shares.csv"
    shares.write_text("step,on,original,resulting,postcodes,share\ns,,91A,91B,30,0.6\ns,,91A,91C,20,0.4\n")
    ingest(files, "--shares", str(shares))
    edges = LineageEdge.objects.filter(original="91A").order_by("resulting")
    assert [(str(edge.share), edge.basis) for edge in edges] == [("0.600000", "postcodes"), ("0.400000", "postcodes")]


def test_overrides_settle_forms_and_successions(ingest: Ingest, tmp_path: Path) -> None:
    overrides = tmp_path / "overrides.yaml"
    overrides.write_text(
        "successions:\n  - {old: RY9, new: RYB, on: 2012-10-01, reason: Missing from the register}\n"
        "forms:\n  - {code: RYB, form: foundation-trust, since: 2006-11-01, reason: Authorised that day}\n"
    )
    trusts = [trust("RY9", "DALE COMMUNITY NHS TRUST"), trust("RYB", "DALE HOSPITAL NHS FOUNDATION TRUST")]
    assert "day it became one is not in the register" in ingest({"etr.csv": trusts}, "--dry-run")
    ingest({"etr.csv": trusts}, "--overrides", str(overrides))
    assert list(FormPeriod.objects.filter(organisation="RYB").order_by("start").values_list("form", "start")) == [
        ("acute-trust", date(1994, 4, 1)),
        ("foundation-trust", date(2006, 11, 1)),
    ]
    assert Organisation.objects.get(pk="RY9").closed == date(2012, 10, 1)
    assert LineageEdge.objects.get(original="RY9").resulting_id == "RYB"


def test_reference_data_in_xml(ingest: Ingest) -> None:
    said = ingest(
        {
            "ref.xml": reference_xml(
                organisation_xml(
                    "91A", "NHS DALE CCG", end="2017-03-31", succs=[link_xml("Succ", "91C", "Successor", "2017-04-01")]
                ),
                organisation_xml(
                    "91C",
                    "NHS MOOR CCG",
                    start="2017-04-01",
                    succs=[link_xml("Succ", "91A", "Predecessor", "2017-03-31")],
                ),
                organisation_xml(
                    "B99001", "THE MILL", start="1974-04-01", roles=["RO76"], rels=[link_xml("Rel", "91C", id="RE4")]
                ),
            )
        }
    )
    assert "ref.xml: 3 rows, Organisation reference data (XML)" in said
    assert "dates a day apart" in said
    assert Change.objects.get(portfolio="ods-registers").kind == "transition"
    assert members("91C", REFORM) == ["B99001"]


def test_a_trust_that_closed_legally_first_is_closed_and_succeeded_that_day(ingest: Ingest) -> None:
    legal = '<Date><Type value="Legal"/><Start value="1994-04-01"/><End value="2017-09-30"/></Date>'
    trusts = reference_xml(
        organisation_xml(
            "RY9",
            "DALE HOSPITAL NHS TRUST",
            start="1994-04-01",
            end="2018-03-31",
            legal=legal,
            roles=["RO197"],
            succs=[link_xml("Succ", "RYB", "Successor", "2017-10-01")],
        ),
        organisation_xml("RYB", "MOOR HOSPITAL NHS TRUST", start="2017-10-01", roles=["RO197"]),
    )
    ingest({"ref.xml": trusts})
    assert Organisation.objects.get(pk="RY9").closed == date(2017, 10, 1)
    edge = LineageEdge.objects.get(original="RY9")
    assert (edge.resulting_id, edge.change.effective_on) == ("RYB", date(2017, 10, 1))


def test_a_second_life_is_reported_alike_whatever_the_layout(ingest: Ingest) -> None:
    again = '<Date><Type value="Operational"/><Start value="2019-04-01"/></Date>'
    files: list[dict[str, list[list[str]] | str]] = [
        {"ref.xml": reference_xml(organisation_xml("91A", "NHS DALE CCG", end="2017-03-31", legal=again))},
        {"eccg.csv": [group("91A", closed="20170331"), group("91A", opened="20190401")]},
    ]
    for each in files:
        said = ingest(each, "--dry-run")
        assert "1  Code closed and opened again" in said
        assert "91A: closed on 2017-04-01, opened again on 2019-04-01" in said


def test_a_practice_in_two_groups_is_reported_and_the_doctor_finds_it(ingest: Ingest) -> None:
    said = ingest(
        {
            "eccg.csv": [group("91A"), group("91B"), group("91D")],
            "epraccur.csv": [practice("B99001", parent="91B", joined="20150401"), practice("B99002")],
            "epcmem.csv": [
                ["B99001", "91A", "W", "20130401", "20160331", "0"],
                ["B99002", "91A", "W", "20130401", "20150401", "0"],
                ["B99002", "91D", "W", "20150401", "", "0"],
            ],
        }
    )
    assert "1  Practice in two groups at once" in said
    assert "B99001: 91A from 2013-04-01 to 2016-04-01, 91B from 2015-04-01 to now" in said
    assert "1  Practice in two groups for one day" in said
    (found,) = in_two_groups()
    assert (found.practice, found.groups) == ("B99001", ("91A", "91B"))
    assert (found.first, found.until) == (date(2015, 4, 1), date(2016, 4, 1))
    finding = diagnosis.memberships()
    assert not finding.well
    assert "B99001 in 91A and 91B from 2015-04-01" in finding.state


def test_the_doctor_finds_no_practice_in_two_groups_where_none_is() -> None:
    finding = diagnosis.memberships()
    assert finding.well


def test_a_practice_that_comes_back_to_a_group_has_every_membership(ingest: Ingest) -> None:
    said = ingest(
        {
            "eccg.csv": [group("91A"), group("91B"), group("91D")],
            "epraccur.csv": [practice("B99001", parent="91D", joined="20160401")],
            "epcmem.csv": [
                ["B99001", "91A", "W", "20130401", "20140331", "0"],
                ["B99001", "91B", "W", "20140401", "20150331", "0"],
                ["B99001", "91A", "W", "20150401", "20160331", "0"],
                ["B99001", "91D", "W", "20160401", "", "0"],
            ],
        }
    )
    assert "4 memberships" in said
    held = Relationship.objects.filter(subject="B99001").order_by("start")
    assert list(held.values_list("object", "start")) == [
        ("91A", date(2013, 4, 1)),
        ("91B", date(2014, 4, 1)),
        ("91A", date(2015, 4, 1)),
        ("91D", date(2016, 4, 1)),
    ]
    assert members("91A", date(2015, 10, 1)) == ["B99001"]


def test_a_succession_across_a_gap_is_reported_and_settled_with_its_dates_said(ingest: Ingest, tmp_path: Path) -> None:
    files: dict[str, list[list[str]] | str] = {
        "eccg.csv": [group("91A", closed="20170331"), group("91C", opened="20170701")],
        "succ.csv": [["91A", "91C", "", "20170701", "S"]],
    }
    assert "Successor that opens after the predecessor has closed" in ingest(files, "--dry-run")
    overrides = tmp_path / "overrides.yaml"
    overrides.write_text("successions:\n  - {old: 91A, new: 91C, on: 2017-04-01, reason: One board throughout}\n")
    said = ingest(files, "--overrides", str(overrides))
    assert "the register opens 91C on 2017-07-01; taken to open on 2017-04-01" in said
    change = Change.objects.get(portfolio="ods-registers")
    assert change.note == ("One board throughout; the register opens 91C on 2017-07-01; taken to open on 2017-04-01")
    assert (change.basis, Organisation.objects.get(pk="91C").opened) == ("inferred", date(2017, 4, 1))
    again = ingest(files, "--overrides", str(overrides))
    assert "nothing new" in again
    assert "held otherwise: 0" in again


def test_everything_odd_goes_to_a_file(ingest: Ingest, tmp_path: Path) -> None:
    report = tmp_path / "odd.csv"
    ingest({"epraccur.csv": [practice("B99001", status="D"), practice("B99002", status="P")]}, "--report", str(report))
    with report.open(newline="") as file:
        told = [(row["kind"], row["code"], row["file"], row["line"]) for row in csv.DictReader(file)]
    assert told == [("proposed", "B99002", "epraccur.csv", "2"), ("dormant", "B99001", "epraccur.csv", "1")]


def test_another_portfolio_and_coverage_can_be_named(ingest: Ingest) -> None:
    words = ("--portfolio", "dale", "--covers-from", "1995-04-01", "--covers-to", "2010-03-31")
    ingest({"etr.csv": [trust("RY9", "DALE HOSPITAL NHS TRUST", opened="")]}, *words)
    dale = Portfolio.objects.get(pk="dale")
    assert (dale.covers_from, dale.covers_to) == (date(1995, 4, 1), date(2010, 3, 31))
    trust_ = Organisation.objects.get(pk="RY9")
    assert (trust_.portfolio_id, trust_.opened, trust_.opened_basis) == ("dale", date(1995, 4, 1), "coverage")
    assert "days after the period" not in ingest({"etr.csv": [trust("RY9", "DALE HOSPITAL NHS TRUST")]}, *words[:2])


def test_registers_cover_what_all_of_them_speak_of(ingest: Ingest) -> None:
    ingest({"eccg.csv": GROUPS, "epraccur.csv": PRACTICES})
    assert Portfolio.objects.get(pk="ods-registers").covers_to == date(2016, 6, 30)
    said = ingest({"eccg.csv": [*GROUPS, group("91D", opened="20180401")]})
    assert "days after the period the portfolio covers" in said
    ingest({"eccg.csv": GROUPS}, "--covers-to", "2018-04-01")
    assert Portfolio.objects.get(pk="ods-registers").covers_to == date(2018, 4, 1)
    assert "keeps the first day" in ingest({"eccg.csv": GROUPS}, "--covers-from", "1995-04-01")
    assert Portfolio.objects.get(pk="ods-registers").covers_from == date(2013, 4, 1)


@pytest.mark.parametrize(
    ("files", "words", "said"),
    [
        ({"at.csv": [["ons_code", "hscic_code", "name"]]}, [], "3 columns"),
        ({"empty.csv": []}, [], "empty"),
        ({"eccg.csv": GROUPS}, ["--overrides", "missing.yaml"], "cannot be read"),
        ({"eccg.csv": GROUPS}, ["--kind", "successions"], "27 columns"),
        ({"eccg.csv": GROUPS}, ["--portfolio", "Not A Slug"], "not well formed"),
        ({"eccg.csv": GROUPS}, ["--portfolio", "illustrative-county"], "X-"),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing(
    tmp_path: Path, files: dict[str, list[list[str]]], words: list[str], said: str
) -> None:
    paths = [written(tmp_path / name, content) for name, content in files.items()]
    before, out = rows(), StringIO()
    with pytest.raises(CommandError) as error:
        call_command("ingest_ods", *paths, *words, stdout=out, stderr=out)
    assert said in f"{out.getvalue()} {error.value}"
    assert rows() == before
