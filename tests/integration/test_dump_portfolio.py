"""A portfolio given back loads to the same state, whatever was carried out in it since it was loaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from commissioning.domain.vocabulary import AnswerState
from commissioning.models import ContractHolding, PortfolioGroup
from commissioning.services.portfolio import answer_recommendation, choose_form
from organisations.domain.lifecycle import Step
from organisations.models import Change, LoadedRecord, Portfolio
from organisations.selectors.documents import PortfolioDocument, as_json, as_yaml
from organisations.services.load_portfolio import load_portfolio, load_stated
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedChange, proposed
from pcorg.core.policies import Actor
from tests.databases import PORTFOLIOS
from tests.documents import body, coast, people, stated
from tests.oracles.state import differences, empty, state

pytestmark = pytest.mark.django_db
ANN = Actor("ann", commissions=True)
BOB = Actor("bob", commissions=True, approves=True)
EVIDENCE = dict.fromkeys(("consultation-held", "board-composition", "joint-agreement"), "recorded")
WRITERS = {"yaml": as_yaml, "json": as_json}


def carried_out(**given: Any) -> Change:
    """A change proposed and carried out."""
    made = propose(spec=proposed(ProposedChange, {"evidence": EVIDENCE} | given), by=ANN)
    for step in (Step.APPROVE, Step.EFFECT):
        made = decide(change_id=made.pk, step=step, by=BOB)
    return made


def dumped(slug: str, form: str = "yaml") -> str:
    return "".join(WRITERS[form](PortfolioDocument(slug)))


def reloaded(folder: Path, *documents: str) -> None:
    """Documents loaded into an emptied database."""
    empty()
    for number, text in enumerate(documents):
        path = folder / f"{number}.yaml"
        path.write_text(text)
        load_portfolio(path=path, by="tests")


def load(document: dict[str, Any]) -> None:
    load_stated(stated=stated(document), by="tests")


@pytest.mark.both_databases
@pytest.mark.exhaustive
def test_every_shipped_portfolio_comes_back_as_it_was(tmp_path: Path) -> None:
    slugs = Portfolio.objects.order_by("pk").values_list("slug", flat=True)
    before, texts = state(), [dumped(slug) for slug in slugs]
    reloaded(tmp_path, *texts)
    assert differences(before, state()) == []
    assert [dumped(slug) for slug in slugs] == texts


def test_the_document_given_back_is_the_one_that_was_loaded() -> None:
    load(coast())
    given = json.loads("".join(as_json(PortfolioDocument("small-coast"))))
    assert given == coast()
    assert list(given) == list(coast())


def _with_more_trusts() -> dict[str, Any]:
    document = coast()
    document["bodies"] += [
        body("X-SD", "Dune Trust", "pct-4", opened="2002-04-01", populations=[people(120_000, "2002-04-01")]),
        body("X-SE", "Estuary Trust", "pct-4", opened="2002-04-01", populations=[people(130_001, "2002-04-01")]),
        body("X-SP2", "Dune Surgery", "gp-practice", opened="2002-04-01", member_of=["X-SD"]),
    ]
    document["contracts"].append(
        document["contracts"][0]
        | {"code": "X-S-C9", "title": "Dune care", "commissioner": "X-SD", "annual_value": 100.01, "end": "2012-04-01"}
    )
    return document


def _merged() -> None:
    carried_out(
        kind="merger",
        effective_on="2008-04-01",
        title="Dune and estuary",
        originals=["X-SD", "X-SE"],
        resulting=[{"code": "X-SF", "name": "Two Shores Trust", "form": "pct-4", "accountable_to": "X-SHA"}],
        rationale="Because.",
        legal_instrument="SI 2008/1",
    )


def _split() -> None:
    carried_out(
        kind="split",
        effective_on="2008-10-01",
        originals=["X-SC"],
        resulting=[
            {"code": "X-SG", "name": "North Shore Trust", "form": "pct-4"},
            {"code": "X-SH", "name": "South Shore Trust", "form": "pct-4"},
        ],
        edges=[
            {"original": "X-SC", "resulting": "X-SG", "share": "0.37"},
            {"original": "X-SC", "resulting": "X-SH", "share": "0.63"},
        ],
        moves=[{"what": code, "from": "X-SC", "to": "X-SG"} for code in ("X-S-V1", "X-S-B1")],
    )


def _separated() -> None:
    carried_out(
        kind="separation",
        effective_on="2009-10-01",
        originals=["X-SC"],
        resulting=[{"code": "X-SI", "name": "Nursing at Home", "form": "community-interest-company"}],
        moves=[{"what": "X-S-G1", "from": "X-SC", "to": "X-SI"}],
        relationships=[{"kind": "commissioned-by", "subject": "X-SI", "object": "X-SC"}],
    )


def _lapsed() -> None:
    """The hospital gives its work up to the trust that buys it, and their contract ends."""
    carried_out(
        kind="transfer",
        effective_on="2008-10-01",
        originals=["X-SHO", "X-SC"],
        moves=[{"what": "X-S-C1", "from": "X-SHO", "to": "X-SC"}],
    )
    assert not ContractHolding.objects.filter(item="X-S-C1", end__gt=date(2008, 10, 1)).exists()


def _renamed_and_put_right() -> None:
    carried_out(kind="rename", effective_on="2009-04-01", originals=["X-SC"], name="Coast Trust")
    carried_out(
        kind="correction",
        effective_on="2007-04-01",
        originals=["X-SC"],
        set={"name": "Small Coast Primary Care Trust"},
        title="It had the full name from 2007",
    )


def _undone() -> None:
    _merged()
    merger = Change.objects.get(title="Dune and estuary")
    carried_out(kind="correction", effective_on="2008-04-01", corrects=merger.pk, title="It never happened")
    carried_out(
        kind="transfer",
        effective_on="2008-05-01",
        originals=["X-SD", "X-SE"],
        moves=[{"what": "X-SP2", "from": "X-SD", "to": "X-SE"}],
    )


def _history_undone() -> None:
    empty()
    plain = _with_more_trusts()
    plain["provisions"].pop()
    plain["provider_arms"][0]["separations"].pop()
    del plain["recommendation_answers"]
    load(plain)
    merger = Change.objects.get(reference="one-coast")
    carried_out(kind="correction", effective_on="2006-10-01", corrects=merger.pk, title="They stayed two")
    carried_out(kind="rename", effective_on="2007-04-01", originals=["X-SA"], name="Eastern Trust")


def _forgotten() -> None:
    carried_out(
        kind="correction",
        effective_on="2004-04-01",
        title="The two had been one from 2004",
        originals=["X-SA", "X-SB"],
        resulting=[{"code": "X-SJ", "name": "First Coast Trust", "form": "pct-4"}],
    )


def _decided() -> None:
    choose_form(
        group="X-S-G1", chosen_form="provider-unit", chosen_on=date(2010, 1, 1), coherence="Better put.", by=ANN
    )
    answer_recommendation(
        organisation="X-SC",
        recommendation="r2",
        state=AnswerState.MET,
        evidence="Minutes.",
        answered_on=date(2010, 2, 1),
        by=ANN,
    )


def _nothing() -> None:
    pass


DEEDS = [_nothing, _merged, _split, _separated, _lapsed, _renamed_and_put_right, _undone, _forgotten, _decided]


@pytest.mark.parametrize("deed", [*DEEDS, _history_undone], ids=lambda deed: deed.__name__.strip("_"))
def test_what_was_carried_out_since_comes_back_too(tmp_path: Path, deed: Callable[[], None]) -> None:
    empty()
    load(_with_more_trusts())
    deed()
    before, text = state(), dumped("small-coast")
    reloaded(tmp_path, text)
    assert differences(before, state()) == []
    assert dumped("small-coast") == text


def test_loading_what_was_given_back_into_the_same_database_brings_nothing(tmp_path: Path) -> None:
    load(_with_more_trusts())
    _merged()
    _undone_after_all = Change.objects.get(title="Dune and estuary")
    carried_out(kind="correction", effective_on="2008-04-01", corrects=_undone_after_all.pk, title="Not so")
    path = tmp_path / "again.yaml"
    path.write_text(dumped("small-coast"))
    before = state()
    assert load_portfolio(path=path, by="tests").nothing_new
    assert differences(before, state()) == []


def test_what_a_later_load_brought_stands_among_what_was_carried_out(tmp_path: Path) -> None:
    empty()
    load(_with_more_trusts())
    _merged()
    longer = _with_more_trusts()
    longer["changes"].append(
        {
            "reference": "two-shores-renamed",
            "kind": "rename",
            "effective_on": "2008-06-01",
            "title": "Renamed",
            "originals": ["X-SF"],
            "name": "Shores Trust",
            "basis": "illustrative",
            "source": "pcorg-illustration",
        }
    )
    load(longer)
    before, text = state(), dumped("small-coast")
    reloaded(tmp_path, text)
    assert differences(before, state()) == []


@pytest.mark.both_databases
@pytest.mark.exhaustive
def test_england_with_a_forgotten_merger_comes_back(tmp_path: Path) -> None:
    carried_out(
        kind="correction",
        effective_on="2011-04-01",
        title="The merger of Devon and Cornwall had been forgotten",
        originals=["5QQ", "5QP"],
        resulting=[{"code": "5ZQ", "name": "Peninsula Primary Care Trust", "form": "pct-4"}],
    )
    carried_out(
        kind="merger",
        effective_on="2015-03-01",
        originals=["00F", "00G"],
        resulting=[{"code": "13T", "name": "Newcastle Gateshead", "form": "clinical-commissioning-group"}],
    )
    others = [slug for slug in Portfolio.objects.values_list("slug", flat=True) if slug != "england-2006-2015"]
    before = state()
    text = dumped("england-2006-2015")
    reloaded(tmp_path, text, *_shipped(others))
    assert differences(before, state()) == []


def _shipped(slugs: list[str]) -> list[str]:
    return [path.read_text() for path in PORTFOLIOS if any(f"slug: {slug}\n" in path.read_text() for slug in slugs)]


class TestCommand:
    def test_a_body_names_its_portfolio(self, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("dump_portfolio", "5QQ")
        assert "slug: england-2006-2015" in capsys.readouterr().out

    def test_it_writes_a_file_whole(self, tmp_path: Path) -> None:
        load(coast())
        target = tmp_path / "coast.json"
        call_command("dump_portfolio", "small-coast", format="json", output=target)
        assert json.loads(target.read_text()) == coast()
        assert list(tmp_path.iterdir()) == [target]

    def test_it_says_when_nothing_is_called_so(self) -> None:
        with pytest.raises(CommandError, match="is called nowhere"):
            call_command("dump_portfolio", "nowhere")

    def test_records_whose_content_was_not_kept_come_back_after_loading_again(self) -> None:
        load(coast())
        text = dumped("small-coast")
        LoadedRecord.objects.filter(portfolio="small-coast", key__startswith="contracts:").update(content=None)
        with pytest.raises(CommandError, match="Load its document again"):
            call_command("dump_portfolio", "small-coast")
        _forget_contents()
        load(coast())
        assert dumped("small-coast") == text


def _forget_contents() -> None:
    """As an earlier version left the records: fingerprints of its own making and no contents."""
    from organisations.portfolios.records import former_fingerprint, records_of

    for key, record in records_of(stated(coast())).items():
        LoadedRecord.objects.filter(portfolio="small-coast", key=key).update(
            content=None, fingerprint=former_fingerprint(record.part)
        )


def test_a_group_given_another_form_here_is_told_with_it() -> None:
    load(coast())
    _decided()
    assert "chosen_form: provider-unit" in dumped("small-coast")
    assert PortfolioGroup.objects.get(pk="X-S-G1").chosen_form_id == "provider-unit"
    assert ContractHolding.objects.count() > 0
