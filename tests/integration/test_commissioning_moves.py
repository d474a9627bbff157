"""What bodies hold moves with them: preview and effect on real rows agree to the penny, for every kind of change."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from commissioning.contributor.reading import held_by
from commissioning.domain.holdings import NAME, Holdings
from commissioning.models import (
    HOLDINGS,
    ArmHolding,
    BudgetHolding,
    ContractHolding,
    Contribution,
    GroupHolding,
    ProvisionHolding,
)
from organisations.domain.lifecycle import Step
from organisations.domain.totals import Total
from organisations.models import Change
from organisations.services.outcomes import effects_of_change, totals_around
from organisations.services.previews import Preview, preview
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedChange
from pcorg.core.audit import memory
from pcorg.core.audit.checking import chain_faults
from pcorg.core.policies import Actor
from pcorg.core.refusals import Refusal, Unacceptable
from tests.factories import commissioning as make

pytestmark = pytest.mark.django_db
ANN = Actor("ann", commissions=True)
BOB = Actor("bob", commissions=True, approves=True)
DAY = date(2009, 4, 1)
LATER = date(2010, 4, 1)
EVIDENCE = dict.fromkeys(("consultation-held", "board-composition", "joint-agreement"), "recorded")
TOTALS = ("contracts", "contract_value", "budget", "pooled", "provisions", "staff_wte")
A, B = "X-APCT", "X-BPCT"
"""The two trusts. Codes of what they hold begin like theirs."""

State = dict[tuple[str, tuple[str, ...]], tuple[Decimal | None, ...]]


def asked(kind: str, **given: Any) -> ProposedChange:
    return ProposedChange.model_validate({"kind": kind, "effective_on": str(DAY), "evidence": EVIDENCE} | given)


def new(code: str, form: str = "pct-4") -> dict[str, Any]:
    return {"code": code, "name": f"Body {code}", "form": form}


def move(what: str, giver: str, receiver: str) -> dict[str, str]:
    return {"what": what, "from": giver, "to": receiver}


def edge(original: str, resulting: str, share: str) -> dict[str, str]:
    return {"original": original, "resulting": resulting, "share": share}


def carried_through(change: ProposedChange) -> tuple[Preview, Change]:
    """What the preview said, and the change once it is carried out. Effect has held it to the totals of the preview;
    here every holding is, and the page of the change is told the same effects and totals afterwards."""
    seen = preview(spec=change)
    made = propose(spec=change, by=ANN)
    for step in (Step.APPROVE, Step.EFFECT):
        made = decide(change_id=made.pk, step=step, by=BOB)
    promised: Holdings = seen.plan.after.parts[NAME]
    assert whole(held_by(sorted(promised.bodies())), promised) == whole(promised, promised)
    assert effects_of_change(made) == seen.effects()
    request = seen.plan.request
    assert request is not None
    memory.forget()
    if not request.undoes:
        around = totals_around(made, list(request.originals), list(request.resulting))
        assert [each.contributed for each in around] == [seen.before.contributed, seen.after.contributed]
    assert not list(chain_faults())
    return seen, made


def whole(held: Holdings, promised: Holdings) -> set[Any]:
    """Every holding, at whatever time, of the things that a preview knew."""
    of_known = (each for thing in promised.items for each in held.of_thing(thing))
    return {(each.item, each.parties, each.period, each.amounts, each.state) for each in of_known}


def in_force(*codes: str, on: date = DAY) -> State:
    """What the bodies hold on a day: amounts by thing and holders."""
    held = held_by(codes).of_any(codes, on)
    return {(each.item, each.bodies): tuple(amount for _, amount in each.amounts) for each in held}


def conserved(seen: Preview) -> None:
    assert {name: seen.after.contributed[name] for name in TOTALS} == seen.before.contributed


@pytest.fixture
def trusts() -> tuple[make.Trust, make.Trust]:
    """Two trusts of one portfolio, each with something of every kind."""
    first = make.trust_with_everything("X-A")
    return first, make.trust_with_everything("X-B", of=first.portfolio)


Trusts = tuple[make.Trust, make.Trust]


class TestMerger:
    ASKED = asked("merger", originals=[A, B], resulting=[new("X-N")])

    def test_every_contract_and_pound_goes_to_the_heir(self, trusts: Trusts) -> None:
        before = in_force(A, B)
        seen, made = carried_through(self.ASKED)
        after = in_force("X-N")
        assert {item for item, _ in after} == {item for item, _ in before}
        assert not in_force(A, B)
        conserved(seen)
        assert seen.before.contributed == {
            "contracts": Total(4),
            "contract_value": Total(Decimal("115220000.00")),
            "budget": Total(Decimal("482400000.00")),
            "pooled": Total(Decimal("8400000.00")),
            "provisions": Total(6),
            "staff_wte": Total(Decimal("124.60")),
        }
        ended = ContractHolding.objects.filter(ended_by=made)
        assert set(ended.values_list("end", "due_end")) == {(DAY, None)}
        assert ContractHolding.objects.filter(begun_by=made).count() == ended.count() == 4
        assert set(ArmHolding.objects.filter(begun_by=made).values_list("item", "organisation", "separation")) == {
            ("X-AV1", "X-N", "internal"),
            ("X-BV1", "X-N", "internal"),
        }

    def test_the_preview_lists_each(self, trusts: Trusts) -> None:
        seen, _ = carried_through(self.ASKED)
        (novated,) = [one for one in seen.effects() if one.operation == "open-holding" and one.after["code"] == "X-AC1"]
        assert novated.after == {
            "kind": "contract",
            "code": "X-AC1",
            "title": "Thing X-AC1",
            "commissioner": "X-N",
            "provider": "X-AAT",
            "annual_value": "48250000.00",
            "from": DAY,
        }

    def test_one_that_goes_on_takes_what_the_others_had(self, trusts: Trusts) -> None:
        make.budget_holding(make.budget(trusts[0].trust, code="X-M9", amount=Decimal("10.00")), trusts[1].trust)
        seen, _ = carried_through(asked("merger", originals=[A, B], resulting=[{"code": A}]))
        conserved(seen)
        assert in_force(A)["X-M9", (A,)] == (Decimal("30000010.00"),)

    def test_what_is_to_end_or_to_begin_keeps_its_days(self, trusts: Trusts) -> None:
        make.budget(trusts[0].trust, code="X-M08", start=date(2008, 4, 1), end=DAY)
        make.budget(trusts[0].trust, code="X-M09", start=DAY, end=LATER)
        make.budget(trusts[0].trust, code="X-M10", start=LATER, end=date(2011, 4, 1))
        seen, made = carried_through(self.ASKED)
        conserved(seen)
        assert seen.before.contributed["budget"] == Total(Decimal("512400000.00"))
        moved = BudgetHolding.objects.filter(begun_by=made, item__in=["X-M08", "X-M09", "X-M10"])
        assert set(moved.values_list("item", "organisation", "start", "end")) == {
            ("X-M09", "X-N", DAY, LATER),
            ("X-M10", "X-N", LATER, date(2011, 4, 1)),
        }
        struck = BudgetHolding.with_struck_out.get(item="X-M10", organisation=A)
        assert (struck.start, struck.end, struck.due_end) == (LATER, LATER, date(2011, 4, 1))

    def test_a_contract_between_them_blocks(self, trusts: Trusts) -> None:
        make.contract(trusts[0].trust, trusts[1].trust, code="X-C9", annual_value=Decimal("1250000.00"))
        seen = preview(spec=self.ASKED)
        (block,) = seen.blocks
        assert block.code == "contract-conflict"
        assert "Thing X-C9 (X-C9) between Body X-APCT, Body X-BPCT, £1,250,000 a year" in block.message
        with pytest.raises(Refusal) as refused:
            propose(spec=self.ASKED, by=ANN)
        assert refused.value.code == "blocked-by-check"

    def test_two_partners_of_one_pool_become_one(self, trusts: Trusts) -> None:
        make.contribution(trusts[0].pool, trusts[1].trust, amount=Decimal("100.00"))
        seen, made = carried_through(self.ASKED)
        conserved(seen)
        joint = Contribution.objects.get(item="X-AQ1", begun_by=made)
        assert (joint.partner_id, joint.amount, joint.hosts) == ("X-N", Decimal("4200100.00"), False)


class TestDivision:
    def test_a_split_by_shares_loses_no_penny(self, trusts: Trusts) -> None:
        third = "0.333333"
        seen, made = carried_through(
            asked(
                "split",
                originals=[A],
                resulting=[new("X-N1"), new("X-N2"), new("X-N3")],
                edges=[edge(A, "X-N1", third), edge(A, "X-N2", third), edge(A, "X-N3", "0.333334")],
            )
        )
        conserved(seen)
        parts = ContractHolding.objects.filter(item="X-AC1", begun_by=made)
        assert sorted(parts.values_list("commissioner", "annual_value")) == [
            ("X-N1", Decimal("16083317.25")),
            ("X-N2", Decimal("16083317.25")),
            ("X-N3", Decimal("16083365.50")),
        ]
        contacts = ProvisionHolding.objects.filter(item="X-AS0", begun_by=made).values_list("contacts", flat=True)
        assert sum(contacts) == 142_000

    def test_named_items_go_whole(self, trusts: Trusts) -> None:
        seen, made = carried_through(
            asked(
                "split",
                originals=[A],
                resulting=[new("X-N1"), new("X-N2")],
                edges=[edge(A, "X-N1", "0.75"), edge(A, "X-N2", "0.25")],
                moves=[move("X-AG1", A, "X-N2"), move("X-AM1", A, "X-N2")],
            )
        )
        conserved(seen)
        assert set(GroupHolding.objects.filter(begun_by=made).values_list("item", "organisation")) == {
            ("X-AG1", "X-N2")
        }
        of_group = ProvisionHolding.objects.filter(begun_by=made, item__in=["X-AS0", "X-AS1"])
        assert set(of_group.values_list("item", "provider", "population_of")) == {
            ("X-AS0", "X-N2", "X-N2"),
            ("X-AS1", "X-N2", "X-N2"),
        }
        assert BudgetHolding.objects.get(begun_by=made, item="X-AM1").amount == Decimal("31200000.00")
        assert BudgetHolding.objects.filter(begun_by=made, item="X-AM2").count() == 2

    def test_a_reconfiguration_divides_and_brings_together(self, trusts: Trusts) -> None:
        make.contribution(trusts[0].pool, trusts[1].trust, amount=Decimal("0.01"))
        seen, _ = carried_through(
            asked(
                "reconfiguration",
                originals=[A, B],
                resulting=[new("X-N1"), new("X-N2")],
                edges=[edge(A, "X-N1", "0.6"), edge(A, "X-N2", "0.4"), edge(B, "X-N2", "1")],
            )
        )
        conserved(seen)
        assert in_force("X-N1", "X-N2")["X-AQ1", ("X-N2",)] == (Decimal("1680000.01"),)


class TestNamedItems:
    def test_a_group_becomes_a_body_of_its_own(self, trusts: Trusts) -> None:
        seen, made = carried_through(
            asked(
                "separation",
                originals=[A],
                resulting=[{"code": A}, new("X-ARM", "community-interest-company")],
                moves=[move("X-AG1", A, "X-ARM")],
            )
        )
        conserved(seen)
        assert set(ProvisionHolding.objects.filter(begun_by=made).values_list("item", "provider", "population_of")) == {
            ("X-AS0", "X-ARM", A),
            ("X-AS1", "X-ARM", A),
        }
        assert GroupHolding.objects.get(begun_by=made).organisation_id == "X-ARM"
        assert not ContractHolding.objects.filter(begun_by=made).exists()
        found = {finding.code: finding for finding in seen.findings}
        assert "Thing X-AC2" in found["nothing-left-behind"].message
        assert found["coherence-first"].outcome == "pass"
        assert "Body X-ARM would be the only provider of Thing X-AS0, Thing X-AS1" in found["monopoly"].message

    def test_an_agreement_with_itself_becomes_one_between_the_two(self, trusts: Trusts) -> None:
        carried_through(
            asked(
                "separation",
                originals=[A],
                resulting=[{"code": A}, new("X-ARM", "community-interest-company")],
                moves=[move("X-AG1", A, "X-ARM"), move("X-AC2", A, "X-ARM")],
            )
        )
        agreement = ContractHolding.objects.get(item="X-AC2", commissioner=A, provider="X-ARM")
        assert (agreement.agreement, agreement.annual_value) == (True, Decimal("9360000.00"))

    def test_a_transfer_takes_services_from_a_hospital_and_says_what_is_left(self, trusts: Trusts) -> None:
        make.provision(
            trusts[0].hospital, trusts[0].services[0], code="X-S9", annual_value=Decimal("250000.00"), wte=Decimal(4)
        )
        service = trusts[0].services[3].pk
        moves = [move(service, "X-AAT", A), move("X-AC1", A, B)]
        seen, made = carried_through(asked("transfer", originals=["X-AAT", A], moves=moves))
        assert ProvisionHolding.objects.get(begun_by=made).provider_id == A
        (found,) = [finding for finding in seen.findings if finding.code == "community-provider"]
        assert "would be left with 1 service of 2, £250,000 a year (25 per cent of" in found.message
        assert "and 4 whole-time equivalent staff" in found.message.replace("4.00", "4")

    def test_a_contract_of_one_with_itself_is_refused_for_a_transfer_too(self, trusts: Trusts) -> None:
        service = trusts[0].services[3].pk
        seen = preview(spec=asked("transfer", originals=["X-AAT", A], moves=[move(service, "X-AAT", A)]))
        assert [block.code for block in seen.blocks] == ["contract-conflict"]


class TestDissolution:
    def test_what_is_left_blocks_with_figures(self, trusts: Trusts) -> None:
        seen = preview(spec=asked("dissolution", originals=["X-AAT"]))
        (block,) = seen.blocks
        assert block.code == "nothing-left-behind"
        assert "1 contract (£48,250,000 a year), 1 service provided" in block.message

    def test_what_is_named_has_a_home(self, trusts: Trusts) -> None:
        moves = [move("X-AC1", "X-AAT", "X-BAT"), move("X-AS3", "X-AAT", "X-BAT")]
        seen, made = carried_through(asked("dissolution", originals=["X-AAT"], moves=moves))
        assert ContractHolding.objects.get(begun_by=made).provider_id == "X-BAT"
        (passed,) = [finding for finding in seen.findings if finding.code == "nothing-left-behind"]
        assert passed.outcome == "pass"
        assert "1 contract (£48,250,000 a year), 1 service provided" in passed.message

    def test_a_pool_keeps_a_council(self, trusts: Trusts) -> None:
        seen = preview(spec=asked("dissolution", originals=["X-ALA"], moves=[move("X-AQ1", "X-ALA", A)]))
        (block,) = seen.blocks
        assert "(X-AQ1) would have no council in it" in block.message


class TestCorrections:
    def state(self, *codes: str) -> list[State]:
        """What the bodies hold on days around the change."""
        return [in_force(*codes, on=on) for on in (DAY - timedelta(days=1), DAY, LATER, date(2012, 1, 1))]

    def undo(self, made: Change) -> None:
        carried_through(asked("correction", corrects=made.pk))

    def test_an_undone_merger_gives_everything_back(self, trusts: Trusts) -> None:
        make.budget(trusts[0].trust, code="X-M09", start=DAY, end=LATER)
        make.budget(trusts[0].trust, code="X-M10", start=LATER, end=date(2013, 4, 1))
        make.contribution(trusts[0].pool, trusts[1].trust)
        before = self.state(A, B)
        _, made = carried_through(TestMerger.ASKED)
        self.undo(made)
        assert self.state(A, B) == before
        assert not any(self.state("X-N"))
        for model in HOLDINGS:
            assert not model._default_manager.filter(ended_by=made).exists()

    def test_undone_for_one_that_goes_on_and_done_again(self, trusts: Trusts) -> None:
        make.contribution(trusts[0].pool, trusts[1].trust)
        before = self.state(A, B)
        merged = asked("merger", originals=[A, B], resulting=[{"code": A}])
        _, made = carried_through(merged)
        after = self.state(A, B)
        self.undo(made)
        assert self.state(A, B) == before
        _, made = carried_through(merged)
        assert self.state(A, B) == after
        self.undo(made)
        assert self.state(A, B) == before

    def test_an_undone_separation_and_dissolution(self, trusts: Trusts) -> None:
        before = self.state(A, "X-AAT", "X-BAT")
        _, separated = carried_through(
            asked(
                "separation",
                originals=[A],
                resulting=[{"code": A}, new("X-ARM", "community-interest-company")],
                moves=[move("X-AG1", A, "X-ARM")],
            )
        )
        self.undo(separated)
        moves = [move("X-AC1", "X-AAT", "X-BAT"), move("X-AS3", "X-AAT", "X-BAT")]
        _, dissolved = carried_through(asked("dissolution", originals=["X-AAT"], moves=moves))
        self.undo(dissolved)
        assert self.state(A, "X-AAT", "X-BAT") == before

    def test_what_has_been_moved_on_since_cannot_be_undone_first(self, trusts: Trusts) -> None:
        _, made = carried_through(TestMerger.ASKED)
        moves = [move("X-AC1", "X-AAT", "X-BAT"), move("X-AS3", "X-AAT", "X-BAT")]
        carried_through(asked("dissolution", originals=["X-AAT"], moves=moves))
        with pytest.raises(Unacceptable) as refused:
            preview(spec=asked("correction", corrects=made.pk))
        assert "X-AC1" in refused.value.problems[0].message

    def test_what_has_come_to_a_new_body_since_keeps_it(self, trusts: Trusts) -> None:
        _, made = carried_through(TestMerger.ASKED)
        make.budget(Change.objects.get(pk=made.pk).parties.get(role="resulting").organisation, code="X-M99")
        with pytest.raises(Unacceptable) as refused:
            preview(spec=asked("correction", corrects=made.pk))
        assert "X-M99" in refused.value.problems[0].message

    def test_a_forgotten_merger_holds_between_the_two_days(self, trusts: Trusts) -> None:
        make.contribution(trusts[0].pool, trusts[1].trust)
        make.budget(trusts[0].trust, code="X-M09", start=date(2009, 10, 1), end=LATER)
        last = asked("merger", originals=[A, B], resulting=[new("X-L")], effective_on=str(LATER))
        carried_through(last)
        later = in_force("X-L", on=LATER)
        eve = in_force(A, B, on=DAY - timedelta(days=1))
        carried_through(asked("correction", originals=[A, B], resulting=[new("X-N")]))
        assert in_force("X-L", on=LATER) == later
        assert in_force(A, B, on=DAY - timedelta(days=1)) == eve
        assert not in_force(A, B, on=DAY)
        assert {item for item, _ in in_force("X-N", on=DAY)} == {item for item, _ in eve}
        assert in_force("X-N", on=date(2010, 1, 1))["X-M09", ("X-N",)] == (Decimal("30000000.00"),)
        assert in_force("X-N", on=DAY)["X-AQ1", ("X-N",)] == (Decimal("6200000.00"),)
        assert not in_force("X-N", on=LATER)

    def test_a_later_merger_undone_gives_back_to_the_one_put_in_between(self, trusts: Trusts) -> None:
        _, last = carried_through(asked("merger", originals=[A, B], resulting=[new("X-L")], effective_on=str(LATER)))
        _, between = carried_through(asked("correction", originals=[A, B], resulting=[new("X-N")]))
        held = in_force("X-N", on=DAY)
        carried_through(asked("correction", corrects=last.pk, effective_on=str(LATER)))
        assert in_force("X-N", on=date(2012, 1, 1)) == held
        assert between.status == "effected"


def test_a_preview_under_later_history_shows_what_would_have_been(trusts: Trusts) -> None:
    carried_through(asked("merger", originals=[A, B], resulting=[new("X-L")], effective_on=str(LATER)))
    seen = preview(spec=TestMerger.ASKED)
    assert seen.hypothetical
    conserved(seen)
    assert seen.after.contributed["contracts"] == Total(4)


def test_a_change_of_level_moves_nothing(trusts: Trusts) -> None:
    before = in_force(A)
    carried_through(asked("rename", originals=[A], name="Another name"))
    assert in_force(A) == before
