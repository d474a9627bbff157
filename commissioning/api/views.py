"""What bodies hold: services, contracts, budgets, pools, staff, premises, pilots, provider arms; and what is decided
about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from commissioning import filters as found_by
from commissioning.api import examples
from commissioning.models import (
    ArmHolding,
    Budget,
    BudgetHolding,
    Contract,
    ContractHolding,
    GroupHolding,
    PooledBudget,
    PortfolioGroup,
    Premises,
    PremisesHolding,
    ProviderArm,
    Provision,
    ProvisionHolding,
    RecommendationAnswer,
    Staffing,
    StaffingHolding,
)
from commissioning.models.holding import HoldingModel, Thing
from commissioning.policies import TrustPermission
from commissioning.read_models.arms import (
    AnswerItem,
    ArmDetail,
    ArmItem,
    GroupDetail,
    GroupItem,
    PmsPilotDetail,
    PmsPilotItem,
)
from commissioning.read_models.money import (
    BudgetDetail,
    BudgetItem,
    ContractDetail,
    ContractItem,
    PooledBudgetDetail,
    PooledBudgetItem,
)
from commissioning.read_models.services import (
    PremisesDetail,
    PremisesItem,
    ProvisionDetail,
    ProvisionItem,
    StaffingDetail,
    StaffingItem,
)
from commissioning.selectors import listing, things
from commissioning.selectors.money import devolved
from commissioning.services.portfolio import answer_recommendation, choose_form
from commissioning.specs.arm_plan import StatedAnswer, StatedChoice
from organisations.specs.change import sent
from pcorg.core.accounts.roles import actor_of
from pcorg.core.api.paging import Order
from pcorg.core.api.problems import ApiProblem, ProblemCode
from pcorg.core.api.views import Records, RecordViewSet
from pcorg.core.api.writing import Writing
from pcorg.core.values import whole_or_none

CODE = Order("code", "item_id", text=True)
TITLE = Order("title", "item__title", words=True)
START, END = Order("start", "start"), Order("end", "end", nullable=True)
USUAL = (CODE, TITLE, START, END)
COMMISSIONER, PROVIDER = (
    Order("commissioner", "commissioner_id", text=True),
    Order("provider", "provider_id", text=True),
)
ORGANISATION = Order("organisation", "organisation_id", text=True)


class HeldViewSet(RecordViewSet):
    """A list with a row per holding in force on the day, else last known; a detail per thing, by its code."""

    kind: ClassVar[type[HoldingModel]]
    thing: ClassVar[type[Thing]]
    along: ClassVar[Sequence[str]] = ()
    key = Order("holding", "pk")
    default_ordering = "code"
    lookup_url_kwarg = "code"

    def rows(self) -> QuerySet:
        return listing.held(self.kind, self.query["as_of"], portfolio=self.query["portfolio"])

    def one(self, key: str) -> Mapping[str, Any]:
        on, portfolio = self.query["as_of"], self.query["portfolio"]
        thing = things.found(self.thing, key, on=on, portfolio=portfolio, along=self.along)
        names = things.names_in([thing, *self.parts(thing)], on=on)
        return self.represented(thing, names=names)

    def parts(self, thing: Any) -> Sequence[Thing]:
        """Things whose holdings are told with this one."""
        return ()


class ContractsViewSet(HeldViewSet):
    """Contracts: who commissions what from whom, for how much a year."""

    noun = "contract"
    kind, thing = ContractHolding, Contract
    item, whole = ContractItem, ContractDetail
    filters = found_by.ContractFilter
    along = ("services", "measures")
    orderings = (
        *USUAL,
        COMMISSIONER,
        PROVIDER,
        Order("annual_value", "annual_value"),
        Order("type", "item__type_id", text=True),
        Order("sector", "item__sector", text=True),
        Order("ends", "item__ends", nullable=True),
    )
    examples = examples.CONTRACTS

    def attach(self, records: Records, keys: Sequence[int], names: Sequence[str]) -> None:
        fill(records, keys, services=listing.services_of(ContractHolding, keys))


class ProvisionsViewSet(HeldViewSet):
    """Services provided: by whom, for whose population, with which staff, cost and contacts."""

    noun = "service provided"
    kind, thing = ProvisionHolding, Provision
    item, whole = ProvisionItem, ProvisionDetail
    filters = found_by.ProvisionFilter
    along = ("service", "premises")
    orderings = (
        *USUAL,
        Order("service", "item__service_id", text=True),
        Order("group", "item__service__group_id", text=True),
        PROVIDER,
        Order("population_of", "population_of_id", text=True),
        Order("wte", "wte", nullable=True),
        Order("annual_value", "annual_value", nullable=True),
        Order("contacts", "contacts", nullable=True),
    )

    def attach(self, records: Records, keys: Sequence[int], names: Sequence[str]) -> None:
        fill(records, keys, premises=listing.premises_of(keys))


class BudgetsViewSet(HeldViewSet):
    """Budgets by stream, and how much of each its holder commissions with by itself."""

    noun = "budget"
    kind, thing = BudgetHolding, Budget
    item, whole = BudgetItem, BudgetDetail
    filters = found_by.BudgetFilter
    orderings = (
        *USUAL,
        ORGANISATION,
        Order("stream", "item__stream", text=True),
        Order("amount", "amount"),
        Order("price_year", "item__price_year", text=True),
    )

    def attach(self, records: Records, keys: Sequence[int], names: Sequence[str]) -> None:
        found = devolved(keys, self.query["as_of"])
        for record, key in zip(records, keys, strict=True):
            supplied = dict(zip(("devolved_share", "devolved_amount"), found[key], strict=True))
            record |= {name: supplied[name] for name in names}


class StaffViewSet(HeldViewSet):
    """Staff by group: who employs them, whole-time equivalent and people."""

    noun = "staff record"
    kind, thing = StaffingHolding, Staffing
    item, whole = StaffingItem, StaffingDetail
    filters = found_by.StaffingFilter
    orderings = (
        *USUAL,
        ORGANISATION,
        Order("staff_group", "item__staff_group_id", text=True),
        Order("service", "item__service_id", text=True, nullable=True),
        Order("wte", "wte"),
        Order("headcount", "headcount", nullable=True),
    )


class BuildingsViewSet(HeldViewSet):
    """Premises that services work from, and who holds them."""

    noun = "record of premises"
    kind, thing = PremisesHolding, Premises
    item, whole = PremisesItem, PremisesDetail
    filters = found_by.PremisesFilter
    along = ("provisions",)
    orderings = (
        *USUAL,
        ORGANISATION,
        Order("type", "item__type", text=True),
        Order("built", "item__built", nullable=True),
    )


class ArmsViewSet(HeldViewSet):
    """Provider arms of trusts: how far each is separated, its groups of services, its milestones."""

    noun = "provider arm"
    kind, thing = ArmHolding, ProviderArm
    item, whole = ArmItem, ArmDetail
    filters = found_by.ArmFilter
    along = (
        "approaches",
        "milestones",
        "groups__portfolio",
        "groups__services",
        "groups__holdings",
    )
    orderings = (*USUAL, ORGANISATION, Order("separation", "separation", text=True))

    def rows(self) -> QuerySet:
        return listing.arms(self.query["as_of"], portfolio=self.query["portfolio"])

    def attach(self, records: Records, keys: Sequence[int], names: Sequence[str]) -> None:
        on = self.query["as_of"]
        if "approaches" in names:
            fill(records, keys, approaches=listing.approaches_of(keys, on))
        if "groups" in names:
            fill(records, keys, groups=listing.groups_of(keys, on))

    def parts(self, thing: ProviderArm) -> Sequence[Thing]:
        return list(thing.groups.all())


class GroupsViewSet(Writing, HeldViewSet):
    """Groups of services of provider arms that belong together, and the form chosen for each."""

    noun = "group of services"
    kind, thing = GroupHolding, PortfolioGroup
    item, whole = GroupItem, GroupDetail
    filters = found_by.GroupFilter
    along = ("services",)
    orderings = (
        *USUAL,
        ORGANISATION,
        Order("arm", "item__arm_id", text=True),
        Order("chosen_form", "chosen_form", text=True, nullable=True),
        Order("chosen_on", "chosen_on", nullable=True),
    )
    answers = {"choose": GroupDetail}
    takes = {"choose": StatedChoice}
    permissions = {"choose": TrustPermission.CHOOSE_FORM}
    examples = examples.GROUPS

    def rows(self) -> QuerySet:
        return listing.groups(self.query["as_of"], portfolio=self.query["portfolio"])

    def attach(self, records: Records, keys: Sequence[int], names: Sequence[str]) -> None:
        fill(records, keys, services=listing.services_of(GroupHolding, keys))

    @action(detail=True, methods=["post"])
    def choose(self, request: Request, code: str) -> HttpResponse:
        """Choose the form that the group is to take, or take the choice back. It moves nothing: a separation does."""

        def write() -> Response:
            group = things.found(PortfolioGroup, code)
            spec = sent(StatedChoice, request.data)
            choose_form(
                group=group.pk,
                chosen_form=spec.chosen_form,
                chosen_on=spec.chosen_on,
                coherence=spec.coherence,
                by=actor_of(request.user),
            )
            self.query |= {"as_of": None, "portfolio": None}
            return Response(self.one(group.pk))

        return self.carried_out(request, write)


class PoolsViewSet(RecordViewSet):
    """Budgets pooled with councils under the Health Act 1999, and what each partner puts in."""

    noun = "pooled budget"
    item, whole = PooledBudgetItem, PooledBudgetDetail
    filters = found_by.PooledBudgetFilter
    lookup_url_kwarg = "code"
    key = Order("code", "code", text=True)
    orderings = (
        Order("title", "title", words=True),
        Order("client_group", "client_group", words=True),
        Order("flexibility", "flexibility", text=True),
        Order("price_year", "price_year", text=True),
    )
    examples = examples.POOLS

    def rows(self) -> QuerySet:
        return listing.pools(self.query["as_of"], portfolio=self.query["portfolio"])

    def attach(self, records: Records, keys: Sequence[str], names: Sequence[str]) -> None:
        parts = listing.parts_of(keys, self.query["as_of"])
        for record, code in zip(records, keys, strict=True):
            supplied = listing.contents_of(parts.get(code, []))
            record.update({name: supplied[name] for name in names})

    def one(self, key: str) -> Mapping[str, Any]:
        on, portfolio = self.query["as_of"], self.query["portfolio"]
        pool: Any = things.found(PooledBudget, key, on=on, portfolio=portfolio)
        contents = listing.contents_of(listing.parts_of([pool.pk], on).get(pool.pk, []))
        pool.total, pool.contributions = contents["total"], contents["contributions"]
        names = things.names_in([pool], on=on)
        return self.represented(pool, names=names)


class PilotsViewSet(RecordViewSet):
    """Pilots of personal medical services: wave, variant, who runs them, days left, what happens at the end."""

    item, whole = PmsPilotItem, PmsPilotDetail
    filters = found_by.PmsPilotFilter
    lookup_url_kwarg = "code"
    noun = "pilot of personal medical services"
    key = Order("organisation", "code", text=True)
    orderings = (
        Order("name", "name", words=True, nullable=True),
        Order("wave", "wave", nullable=True),
        Order("variant", "variant", text=True, nullable=True),
        Order("opened", "opened"),
        Order("term_ends", "term_ends", nullable=True),
        Order("annual_value", "annual_value", nullable=True),
    )
    examples = examples.PILOTS

    def rows(self) -> QuerySet:
        return listing.pilots(self.query["as_of"], portfolio=self.query["portfolio"])

    def all_rows(self) -> QuerySet:
        on, portfolio = self.query["as_of"], self.query["portfolio"]
        return listing.pilots(on, portfolio="all" if portfolio is None else portfolio)

    def attach(self, records: Records, keys: Sequence[str], names: Sequence[str]) -> None:
        fill(records, keys, practices=listing.practices_of(keys))


class AnswersViewSet(Writing, RecordViewSet):
    """How trusts answer the recommendations of the report. An answer is never altered: the latest stands."""

    item = whole = AnswerItem
    filters = found_by.AnswerFilter
    lookup_url_kwarg = "id"
    noun = "answer"
    key = Order("id", "id")
    orderings = (
        ORGANISATION,
        Order("recommendation", "recommendation_id", text=True),
        Order("position", "recommendation__position"),
        Order("state", "state", text=True),
        Order("answered_on", "answered_on"),
    )
    default_ordering = "organisation,position,answered_on"
    answers = {"create": AnswerItem}
    takes = {"create": StatedAnswer}
    permissions = {"create": TrustPermission.ANSWER}
    created_by = frozenset({"create"})
    examples = examples.ANSWERS

    def rows(self) -> QuerySet[RecommendationAnswer]:
        return listing.answers(self.query["as_of"], portfolio=self.query["portfolio"])

    def all_rows(self) -> QuerySet[RecommendationAnswer]:
        on, portfolio = self.query["as_of"], self.query["portfolio"]
        return listing.answers(on, portfolio="all" if portfolio is None else portfolio)

    def one(self, key: str) -> Mapping[str, Any]:
        if whole_or_none(key) is None:
            raise ApiProblem(404, f"There is no {self.noun} {key[:40]}.", code=ProblemCode.NOT_FOUND)
        return super().one(key)

    def create(self, request: Request) -> HttpResponse:
        """Answer a recommendation for a trust. What is met needs evidence; a day takes one answer."""

        def write() -> Response:
            spec = sent(StatedAnswer, request.data)
            made = answer_recommendation(**spec.model_dump(), by=actor_of(request.user))
            self.query |= {"as_of": None, "portfolio": None}
            document = self.one(str(made.pk))
            return Response(document, status=201, headers={"Location": document["url"]})

        return self.carried_out(request, write)


def fill(records: Records, keys: Sequence[Any], **values: Mapping[Any, list[Any]]) -> None:
    """Put lists that hang on records into them, by the key of each record."""
    for record, key in zip(records, keys, strict=True):
        record.update({name: found.get(key, []) for name, found in values.items()})
