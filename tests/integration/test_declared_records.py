"""The engine obeys the records: what an administrator changes of a check, a rule or a form, the next preview shows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from commissioning.domain import checks as commissioning
from organisations.domain.checks import CHECKS, KNOWN
from organisations.models import Form, PolicyCheck, TransitionRule
from organisations.services.previews import Preview, preview
from organisations.services.proposals import propose
from organisations.specs.change import ProposedChange, ProposedMerger, proposed
from pcorg.core.audit import memory
from pcorg.core.policies import Actor
from pcorg.core.refusals import Refusal

pytestmark = pytest.mark.django_db

CCG = "clinical-commissioning-group"
NEWCASTLE = {
    "originals": ["00F", "00G", "00H"],
    "resulting": {"code": "13T", "name": "Newcastle Gateshead", "form": CCG},
    "effective_on": "2015-03-01",
}


class Forgetful(dict[Any, Any]):
    """Keeps nothing that anybody finds again."""

    def get(self, *_: Any) -> None:
        return None


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The records are altered here without the trail, by whose entries a process tells that what it knows is old."""
    monkeypatch.setattr(memory, "_held", Forgetful())


def merger(**given: Any) -> Preview:
    return preview(spec=proposed(ProposedMerger, NEWCASTLE | given).as_change())


def founded(form: str, on: str = "2008-04-01") -> Preview:
    asked = {
        "kind": "establishment",
        "effective_on": on,
        "portfolio": "england-2006-2015",
        "resulting": [{"code": "5ZZ", "name": "A new body", "form": form}],
    }
    return preview(spec=proposed(ProposedChange, asked))


def outcomes(seen: Preview) -> dict[str, str]:
    return {finding.code: finding.outcome.value for finding in seen.findings}


def rule(from_form: str, to_form: str, route: str) -> TransitionRule:
    return TransitionRule.objects.get(from_form=from_form, to_form=to_form, route=route)


def test_severity() -> None:
    assert outcomes(merger())["management-capacity"] == "advise"
    PolicyCheck.objects.filter(code="management-capacity").update(severity="block")
    seen = merger()
    assert outcomes(seen)["management-capacity"] == "block"
    assert not seen.permitted
    assert merger(evidence={"management-capacity": "A joint team."}).permitted
    PolicyCheck.objects.filter(code="consultation-held").update(severity="advise")
    assert outcomes(founded("pct-4"))["consultation-held"] == "advise"


def test_evidence_that_a_record_now_demands_may_follow_the_proposal() -> None:
    PolicyCheck.objects.filter(code="management-capacity").update(severity="block")
    made = propose(spec=proposed(ProposedMerger, NEWCASTLE).as_change(), by=Actor("ann", commissions=True))
    assert made.findings.get(policy_check="management-capacity").outcome == "block"
    PolicyCheck.objects.filter(code="coterminous").update(severity="block")
    with pytest.raises(Refusal) as refused:
        propose(
            spec=proposed(
                ProposedMerger,
                {
                    "originals": ["5M1", "5PG"],
                    "resulting": {"code": "5ZZ", "name": "Most of Birmingham", "form": "pct-4"},
                    "effective_on": "2009-04-01",
                },
            ).as_change(),
            by=Actor("ann", commissions=True),
        )
    assert "coterminous" in {problem.code for problem in refused.value.problems}


def test_the_checks_of_a_rule() -> None:
    step = rule(CCG, CCG, "merger")
    assert "relations" in outcomes(merger())
    step.checks.remove("relations")
    assert "relations" not in outcomes(merger())
    assert "consultation-held" not in outcomes(merger())
    step.checks.add("consultation-held")
    assert outcomes(merger())["consultation-held"] == "block"


def test_the_checks_of_a_form() -> None:
    assert outcomes(founded("pct-4"))["consultation-held"] == "block"
    Form.objects.get(pk="pct-4").checks.remove("consultation-held")
    assert "consultation-held" not in outcomes(founded("pct-4"))
    Form.objects.get(pk="community-trust").checks.add("board-composition")
    assert outcomes(founded("community-trust"))["board-composition"] == "block"


def test_which_changes_a_check_is_asked_of() -> None:
    rename = proposed(
        ProposedChange, {"kind": "rename", "effective_on": "2015-03-01", "organisation": "00F", "name": "Gateshead"}
    )
    assert "relations" not in outcomes(preview(spec=rename))
    PolicyCheck.objects.filter(code="relations").update(applies="always")
    assert outcomes(preview(spec=rename))["relations"] == "advise"


def test_the_sizes_of_a_form() -> None:
    pair = {
        "originals": ["5M1", "5PG"],
        "resulting": {"code": "5ZZ", "name": "Most of Birmingham", "form": "pct-4"},
        "effective_on": "2009-04-01",
    }
    assert outcomes(merger(**pair))["population-in-range"] == "pass"
    Form.objects.filter(pk="pct-4").update(population_expected=2_000_000)
    assert outcomes(merger(**pair))["population-in-range"] == "advise"
    Form.objects.filter(pk="pct-4").update(population_max=500_000)
    assert outcomes(merger(**pair))["population-in-range"] == "block"


class TestWhatApplies:
    def test_groups_of_2013_are_not_asked_what_concerns_primary_care_trusts(self) -> None:
        asked = set(outcomes(merger()))
        assert asked.isdisjoint(
            {"consultation-held", "joint-agreement", "board-composition", "population-in-range", "pms-culture"}
        )
        assert {"coterminous", "contiguous", "relations"} <= asked

    def test_trusts_are(self) -> None:
        pair = {
            "originals": ["5M1", "5PG"],
            "resulting": {"code": "5ZZ", "name": "Most of Birmingham", "form": "pct-4"},
            "effective_on": "2009-04-01",
        }
        assert {"consultation-held", "board-composition", "population-in-range"} <= outcomes(merger(**pair)).keys()

    def test_a_designation_is_put_to_all_that_its_rule_declares(self) -> None:
        asked = {
            "kind": "transition",
            "route": "designation",
            "effective_on": "2009-04-01",
            "organisation": "5M1",
            "to_form": "care-trust",
        }
        seen = outcomes(preview(spec=proposed(ProposedChange, asked)))
        declared = rule("pct-4", "care-trust", "designation").checks.values_list("code", flat=True)
        assert set(declared) <= seen.keys()
        assert seen["coterminous"] == "advise"


class TestCoverage:
    @pytest.mark.parametrize(("on", "found"), [("2015-03-31", "pass"), ("2015-04-01", "advise")])
    def test_a_merger_beyond_what_the_portfolio_covers_says_so(self, on: str, found: str) -> None:
        seen = merger(effective_on=on)
        (finding,) = (each for each in seen.findings if each.code == "within-coverage")
        assert finding.outcome.value == found
        assert "1 October 2006 to 31 March 2015" in finding.message
        assert seen.permitted


class TestWhatCannotBeChanged:
    @pytest.mark.parametrize("code", ["later-history", "nothing-left-behind"])
    @pytest.mark.parametrize("other", [{"severity": "advise"}, {"applies": "declared"}])
    def test_the_checks_that_keep_the_record_whole(self, code: str, other: dict[str, str]) -> None:
        check = PolicyCheck.objects.get(pk=code)
        for name, value in other.items():
            setattr(check, name, value)
        with pytest.raises(ValidationError, match="keeps the record whole"):
            check.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            PolicyCheck.objects.filter(pk=code).update(**other)

    def test_what_settles_a_check(self) -> None:
        check = PolicyCheck.objects.get(pk="coterminous")
        check.settled_by = "evidence"
        with pytest.raises(ValidationError, match="What settles this check"):
            check.full_clean()

    def test_a_check_that_nobody_makes(self) -> None:
        check = PolicyCheck(code="no-such-check", title="None", question="?", severity="advise", settled_by="data")
        with pytest.raises(ValidationError, match="No check with the code no-such-check"):
            check.full_clean()

    def test_every_check_that_is_made_is_declared_and_the_other_way_round(self) -> None:
        assert CHECKS.keys() | commissioning.CHECKS.keys() == KNOWN
        assert set(PolicyCheck.objects.values_list("code", flat=True)) == KNOWN


@pytest.mark.parametrize(
    ("originals", "outcome"),
    [(["5M1", "5PG"], "advise"), (["5M1", "5MX"], "advise"), (["5M1", "5MX", "5PG"], "pass")],
)
def test_two_of_birminghams_three_trusts_have_not_the_bounds_of_the_city(originals: list[str], outcome: str) -> None:
    seen = merger(
        originals=originals,
        resulting={"code": "5ZZ", "name": "A part of Birmingham", "form": "pct-4"},
        effective_on="2009-04-01",
    )
    (finding,) = (each for each in seen.findings if each.code == "coterminous")
    assert finding.outcome.value == outcome, finding
    left = {"5M1", "5MX", "5PG"} - set(originals)
    names = {seen.plan.before.bodies[code].name_on(date(2009, 4, 1)) for code in left}
    assert all(name is not None and name in finding.message for name in names)
