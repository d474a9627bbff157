"""Reference records of commissioning. `as_of` and `portfolio` are taken everywhere and change nothing here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet

from commissioning import reference_filters as found_by
from commissioning.api.views import fill
from commissioning.domain.vocabulary import PointKind
from commissioning.models import (
    Approach,
    ArmOption,
    ArmOptionPoint,
    ContractType,
    Recommendation,
    Service,
    ServiceGroup,
    StaffGroup,
    StaffRole,
)
from commissioning.read_models.references import (
    ApproachDocument,
    ArmOptionDocument,
    ContractTypeDocument,
    RecommendationDocument,
    ServiceDocument,
    ServiceGroupDocument,
    StaffGroupDocument,
)
from pcorg.core.api.paging import Order
from pcorg.core.api.views import Records, RecordViewSet
from pcorg.core.audit.kinds import DECLARED

POSITION = Order("position", "position")
LABEL = Order("label", "label", words=True)


class ListingViewSet(RecordViewSet):
    """Reference records with a slug, in the order of their source."""

    dated = False
    rests_on = DECLARED
    lookup_url_kwarg = "slug"
    key = Order("slug", "slug", text=True)
    orderings: ClassVar[Sequence[Order]] = (POSITION, LABEL)
    default_ordering = "position"


class ServiceGroupsViewSet(ListingViewSet):
    """The groups that community services fall into."""

    item = whole = ServiceGroupDocument
    noun = "group of services"

    def rows(self) -> QuerySet[ServiceGroup]:
        return ServiceGroup.objects.order_by()

    def attach(self, records: Records, keys: Sequence[str], names: Sequence[str]) -> None:
        found: dict[str, list[Any]] = defaultdict(list)
        for slug, group in Service.objects.filter(group__in=keys).values_list("slug", "group_id"):
            found[group].append(slug)
        fill(records, keys, services=found)


class ServicesViewSet(ListingViewSet):
    """The catalogue of community services."""

    item = whole = ServiceDocument
    filters = found_by.ServiceFilter
    noun = "service"
    orderings = (POSITION, LABEL, Order("group", "group_id", text=True), Order("tier", "tier", text=True))

    def rows(self) -> QuerySet[Service]:
        return Service.objects.order_by()


class StaffGroupsViewSet(ListingViewSet):
    """Staff groups, each with what it does for whom."""

    item = whole = StaffGroupDocument
    noun = "staff group"

    def rows(self) -> QuerySet[StaffGroup]:
        return StaffGroup.objects.order_by()

    def attach(self, records: Records, keys: Sequence[str], names: Sequence[str]) -> None:
        found: dict[str, list[Any]] = defaultdict(list)
        for role in StaffRole.objects.filter(staff_group__in=keys):
            found[role.staff_group_id].append(role)
        fill(records, keys, roles=found)


class ContractTypesViewSet(ListingViewSet):
    """Kinds of contract."""

    item = whole = ContractTypeDocument
    noun = "contract type"

    def rows(self) -> QuerySet[ContractType]:
        return ContractType.objects.order_by()


class ApproachesViewSet(ListingViewSet):
    """What trusts do about provision: the stances of the review and the routes of the seminar, both lists whole."""

    item = whole = ApproachDocument
    filters = found_by.ApproachFilter
    noun = "approach"

    def rows(self) -> QuerySet[Approach]:
        return Approach.objects.order_by()


class RecommendationsViewSet(ListingViewSet):
    """What the report recommends, and to whom."""

    item = whole = RecommendationDocument
    filters = found_by.RecommendationFilter
    noun = "recommendation"
    orderings = (POSITION, Order("addressee", "addressee", text=True))

    def rows(self) -> QuerySet[Recommendation]:
        return Recommendation.objects.order_by()


class ArmOptionsViewSet(ListingViewSet):
    """Forms that a provider arm may take, with benefits, risks and legal attributes. How the source's words are coded
    as yes, no or possible is ours."""

    item = whole = ArmOptionDocument
    filters = found_by.ArmOptionFilter
    noun = "provider-arm option"
    key = Order("slug", "form_id", text=True)
    orderings = (POSITION, Order("label", "form__label", words=True), Order("family", "form__family", text=True))

    def rows(self) -> QuerySet[ArmOption]:
        return ArmOption.objects.order_by()

    def attach(self, records: Records, keys: Sequence[str], names: Sequence[str]) -> None:
        benefits: dict[str, list[Any]] = defaultdict(list)
        risks: dict[str, list[Any]] = defaultdict(list)
        for point in ArmOptionPoint.objects.filter(option__in=keys):
            if point.kind == PointKind.BENEFIT:
                benefits[point.option_id].append(point)
            else:
                risks[point.option_id].append(point)
        children = {"benefits": benefits, "risks": risks}
        fill(records, keys, **{name: found for name, found in children.items() if name in names})
