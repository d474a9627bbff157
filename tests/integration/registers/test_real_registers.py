"""The real registers ingested whole, and again.

The registers are not part of the project. They are looked for in the folder named by PCORG_REGISTERS or, failing that,
in `shared/data` beside the repository; where the folder is absent these tests are skipped.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from django.core.management import call_command

from organisations.models import FormPeriod, NamePeriod, Organisation, Relationship
from organisations.registers.ingest import Ingestion, IngestReport, ingest_registers
from organisations.registers.oddities import OddKind
from organisations.registers.postcode_directory import count
from pcorg.core.audit.checking import chain_faults
from pcorg.core.audit.trail import data_version

REPOSITORY = Path(__file__).resolve().parents[3]
REGISTERS = Path(os.environ.get("PCORG_REGISTERS") or REPOSITORY.parent / "shared" / "data")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not REGISTERS.is_dir(),
        reason=f"the registers are not at {REGISTERS}; set PCORG_REGISTERS to the folder that holds them",
    ),
]

FILES = ("eccg.csv", "etr.csv", "epraccur_2016-02.csv")


def ingest(*names: str) -> IngestReport:
    return ingest_registers(ingestion=Ingestion([REGISTERS / name for name in names]), by="tests")


def register(name: str) -> list[list[str]]:
    """The rows of a register, read plainly."""
    return list(csv.reader(io.StringIO((REGISTERS / name).read_text(encoding="utf-8"))))


def test_three_registers_whole_and_a_second_time_without_effect() -> None:
    first = ingest(*FILES)
    assert first.rows == {name: len(register(name)) for name in FILES}
    left_out = {odd.code for odd in first.oddities.met if odd.kind in LEFT_OUT}
    held_elsewhere = {odd.code for odd in first.oddities.met if odd.kind is OddKind.HELD_ELSEWHERE}
    listed = {row[0] for name in FILES for row in register(name)}
    made = set(Organisation.objects.filter(portfolio="ods-registers").values_list("code", flat=True))
    assert made | left_out | held_elsewhere == listed
    assert not made & left_out
    assert not made & held_elsewhere
    assert len(held_elsewhere) == 211
    _the_practices_are_those_of_the_register(made)
    assert not list(chain_faults())

    version = data_version()
    second = ingest(*FILES)
    assert second.load is None
    assert (second.assembled.new, second.assembled.differing) == (0, first.assembled.differing)
    assert second.assembled.unchanged == first.assembled.bodies + first.assembled.memberships
    assert data_version() == version


LEFT_OUT = {OddKind.NOT_A_PRACTICE, OddKind.NOT_ENGLAND, OddKind.PROPOSED, OddKind.NO_FORM}


def _the_practices_are_those_of_the_register(made: set[str]) -> None:
    stated = {row[0]: row for row in register("epraccur_2016-02.csv") if row[25] == "4" and row[12] != "P"}
    assert len(stated) == 8176
    names = dict(NamePeriod.objects.filter(organisation__in=made).values_list("organisation", "name"))
    assert {code: names[code] for code in stated} == {code: " ".join(row[1].split()) for code, row in stated.items()}
    practices = Organisation.objects.filter(pk__in=FormPeriod.objects.filter(form="gp-practice").values("organisation"))
    lives = practices.filter(portfolio="ods-registers").values_list("code", "opened", "closed")
    assert {code: (f"{opened:%Y%m%d}", closed is not None) for code, opened, closed in lives} == {
        code: (row[10], bool(row[11])) for code, row in stated.items()
    }
    relationships = Relationship.objects.filter(
        kind="member-of", subject__in=practices, subject__portfolio="ods-registers"
    )
    assert dict(relationships.values_list("subject", "object")) == {code: row[14] for code, row in stated.items()}


def test_the_register_of_area_teams_is_of_no_layout_that_is_read() -> None:
    """Its lines end in a bare carriage return: it is read as a table of three columns, and refused for them."""
    with pytest.raises(Exception, match="Nothing was ingested") as refused:
        call_command("ingest_ods", REGISTERS / "at.csv", stderr=io.StringIO())
    assert "1 fault" in str(refused.value)


def test_the_sample_of_the_postcode_directory() -> None:
    counted = count(REGISTERS / "nhspd-test-data.csv")
    assert (counted.postcodes, counted.elsewhere, counted.terminated) == (7, 3, 3)
    assert counted.live["groups-2013"] == {("5LC", "W2U3Z"): 1}
    assert counted.ended["trusts-2006"] == {("5CR", "5NT"): 1, ("5M1", "5M1"): 1, ("5K5", "5K5"): 1}
