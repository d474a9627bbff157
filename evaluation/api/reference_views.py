"""Reference records of evaluation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, Trim

from evaluation.filters import CriterionFilter, EvidenceFilter, MitigationFilter
from evaluation.models import Criterion, Evidence, Framework, IntegrationOption, Mitigation
from evaluation.read_models.assessments import (
    CriterionDocument,
    EvidenceDocument,
    FrameworkDocument,
    IntegrationOptionDocument,
    MitigationDocument,
)
from pcorg.core.api.paging import Order
from pcorg.core.api.views import ListViewSet, Records, RecordViewSet
from pcorg.core.audit.kinds import DECLARED


class FrameworksViewSet(RecordViewSet):
    """Sets of criteria to judge options by."""

    dated = False
    rests_on = DECLARED
    item = whole = FrameworkDocument
    lookup_url_kwarg = "slug"
    noun = "framework"
    key = Order("slug", "slug", text=True)
    orderings = (Order("position", "position"), Order("label", "label", words=True))
    default_ordering = "position"

    def rows(self) -> QuerySet[Framework]:
        return Framework.objects.order_by()

    def attach(self, records: Records, keys: Sequence[str], names: Sequence[str]) -> None:
        found: dict[str, list[str]] = defaultdict(list)
        criteria = Criterion.objects.filter(framework__in=keys).order_by("position", "slug")
        for framework, slug in criteria.values_list("framework_id", "slug"):
            found[framework].append(slug)
        for record, key in zip(records, keys, strict=True):
            record["criteria"] = found[key]


class CriteriaViewSet(RecordViewSet):
    """What options are asked."""

    dated = False
    rests_on = DECLARED
    item = whole = CriterionDocument
    filters = CriterionFilter
    lookup_url_kwarg = "slug"
    noun = "criterion"
    key = Order("slug", "slug", text=True)
    orderings = (Order("framework", "framework_id", text=True), Order("position", "position"))
    default_ordering = "framework,position"

    def rows(self) -> QuerySet[Criterion]:
        return Criterion.objects.order_by()


class IntegrationOptionsViewSet(RecordViewSet):
    """Ways of integrating community services with others, or of leaving them apart."""

    dated = False
    rests_on = DECLARED
    item = whole = IntegrationOptionDocument
    lookup_url_kwarg = "slug"
    noun = "integration option"
    key = Order("slug", "slug", text=True)
    orderings = (Order("position", "position"), Order("label", "label", words=True))
    default_ordering = "position"

    def rows(self) -> QuerySet[IntegrationOption]:
        return IntegrationOption.objects.order_by()


class EvidenceStatementsViewSet(ListViewSet):
    """What the sources say of each option on each criterion. They give no numbers."""

    dated = False
    rests_on = DECLARED
    item = EvidenceDocument
    filters = EvidenceFilter
    key = Order("id", "id")
    orderings = (
        Order("option", "option_id", text=True),
        Order("criterion", "criterion_id", text=True),
        Order("polarity", "polarity", text=True),
    )

    def rows(self) -> QuerySet[Evidence]:
        cited = Concat(Coalesce("source_id", Value("")), Value(" "), "locator", output_field=CharField())
        return Evidence.objects.order_by().annotate(cited=Trim(cited))


class MitigationsViewSet(RecordViewSet):
    """What commissioners can do about weakness on each criterion, and what limits that."""

    dated = False
    rests_on = DECLARED
    item = whole = MitigationDocument
    filters = MitigationFilter
    lookup_url_kwarg = "slug"
    noun = "mitigation"
    key = Order("slug", "slug", text=True)
    orderings = (Order("position", "position"), Order("criterion", "criterion_id", text=True))
    default_ordering = "position"

    def rows(self) -> QuerySet[Mitigation]:
        return Mitigation.objects.order_by()
