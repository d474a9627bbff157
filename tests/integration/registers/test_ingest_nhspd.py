"""The postcode directory: a table of shares, compared with what is recorded, and recorded where nothing is."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from organisations.models import Change, LineageEdge, Organisation
from organisations.registers.overrides import read_shares
from pcorg.core.audit.trail import data_version
from tests.unit.ingest.registers.files import row, written
from tests.unit.ingest.registers.test_postcodes_and_overrides import directory, postcode

pytestmark = pytest.mark.django_db


def derive(path: Path, *words: str) -> str:
    out = StringIO()
    call_command("ingest_nhspd", path, *words, stdout=out, stderr=out)
    return out.getvalue()


def test_the_table_of_shares_is_written(tmp_path: Path) -> None:
    path = directory(tmp_path, *[postcode(trust_2006="5D9", group="00K")] * 3, postcode(trust_2006="5D9", group="00D"))
    said = derive(path, "--output", str(tmp_path / "shares.csv"))
    assert "4 postcodes, of which 0 outside England and 0 terminated" in said
    assert read_shares(tmp_path / "shares.csv") == {("5D9", "00D"): Decimal("0.25"), ("5D9", "00K"): Decimal("0.75")}


def test_recorded_shares_are_compared_and_never_altered(tmp_path: Path) -> None:
    """England records that 5D9, Hartlepool, went whole to 00K in 2013."""
    version = data_version()
    path = directory(tmp_path, *[postcode(trust_2006="5D9", group="00K")] * 3, postcode(trust_2006="5D9", group="00D"))
    said = derive(path, "--portfolio", "england-2006-2015")
    assert "5D9: to 00K on 2013-04-01: recorded 1.000000, postcodes 0.750000" in said
    assert "0 recorded shares agree; 0 changes recorded" in said
    assert data_version() == version


def test_shares_that_agree_are_counted(tmp_path: Path) -> None:
    path = directory(tmp_path, *[postcode(trust_2006="5D9", group="00K")] * 3)
    assert "1 recorded shares agree" in derive(path, "--portfolio", "england-2006-2015")


@pytest.fixture
def trusts(tmp_path: Path) -> None:
    """A portfolio with three trusts of 2002 and two of 2006, whose succession no register states."""
    rows = [row(code, f"DALE {code} PRIMARY CARE TRUST", opened="20020401") for code in ("5YA", "5YB", "5YC")]
    rows += [row(code, f"DALE {code} PRIMARY CARE TRUST", opened="20061001") for code in ("5ZA", "5ZB")]
    path = written(tmp_path / "eauth.csv", rows)
    words = ("--portfolio", "dale", "--covers-from", "2002-04-01", "--covers-to", "2008-03-31")
    call_command("ingest_ods", path, *words, stdout=StringIO())


@pytest.mark.usefixtures("trusts")
def test_what_is_not_recorded_is_recorded_once(tmp_path: Path) -> None:
    path = directory(
        tmp_path,
        *[postcode(trust_2002="5YA", trust_2006="5ZA")] * 3,
        postcode(trust_2002="5YA", trust_2006="5ZB"),
        *[postcode(trust_2002="5YB", trust_2006="5ZB")] * 2,
        postcode(trust_2002="5YC", trust_2006="5XX"),
    )
    assert "1 changes would be recorded" in derive(path, "--portfolio", "dale", "--dry-run")
    assert not Change.objects.filter(portfolio="dale").exists()
    said = derive(path, "--portfolio", "dale")
    assert "5XX not known" in said
    change = Change.objects.get(portfolio="dale")
    assert (change.kind, str(change.effective_on), change.basis) == ("reconfiguration", "2006-10-01", "inferred")
    edges = LineageEdge.objects.filter(change=change).order_by("original", "resulting")
    assert [(edge.original_id, edge.resulting_id, str(edge.share), edge.basis) for edge in edges] == [
        ("5YA", "5ZA", "0.750000", "postcodes"),
        ("5YA", "5ZB", "0.250000", "postcodes"),
        ("5YB", "5ZB", "1.000000", "population"),
    ]
    assert set(Organisation.objects.filter(portfolio="dale", closed=None).values_list("code", flat=True)) == {
        "5YC",
        "5ZA",
        "5ZB",
    }
    version = data_version()
    assert "3 recorded shares agree; 0 changes recorded" in derive(path, "--portfolio", "dale")
    assert data_version() == version


@pytest.mark.usefixtures("trusts")
def test_a_body_that_keeps_its_code_is_told(tmp_path: Path) -> None:
    path = directory(tmp_path, *(postcode(trust_2002="5YA", trust_2006=code) for code in ("5YA", "5ZA")))
    assert "5YA: keeps its code, so only a part of it passed on" in derive(path, "--portfolio", "dale")
    assert not Change.objects.filter(portfolio="dale").exists()


def test_only_some_steps(tmp_path: Path) -> None:
    path = directory(tmp_path, postcode(trust_2002="5YA", trust_2006="5ZA", group="00K"))
    derive(path, "--output", str(tmp_path / "shares.csv"), "--step", "trusts-2006")
    assert list(read_shares(tmp_path / "shares.csv")) == [("5YA", "5ZA")]


@pytest.mark.parametrize("portfolio", ["nowhere"])
def test_a_portfolio_that_is_not_there_is_refused(tmp_path: Path, portfolio: str) -> None:
    with pytest.raises(CommandError, match="Nothing was recorded"):
        derive(directory(tmp_path, postcode()), "--portfolio", portfolio)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        derive(tmp_path / "missing.csv")
