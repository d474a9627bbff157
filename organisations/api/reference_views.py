"""Reference records. Their own dates are fields; `as_of` and `portfolio` are taken everywhere and change
nothing here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from organisations.api import examples
from organisations.domain.forms import CONSULTATION, JOINT_AGREEMENT
from organisations.filters import FormFilter, TransitionRuleFilter
from organisations.models import Form, GlossaryTerm, PolicyCheck, Source, TransitionRule
from organisations.read_models.references import (
    CheckDocument,
    FormDocument,
    GlossaryDocument,
    SourceDocument,
    TransitionRuleDocument,
)
from pcorg.core.api.paging import Order
from pcorg.core.api.views import ListViewSet, RecordViewSet
from pcorg.core.audit.kinds import DECLARED


def _by_record(pairs: Iterable[tuple[Any, str]]) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = defaultdict(list)
    for record, value in pairs:
        found[record].append(value)
    return found


class FormsViewSet(RecordViewSet):
    """The typology: every organisational form, what it may do and when it could exist."""

    dated = False
    rests_on = DECLARED
    item = whole = FormDocument
    filters = FormFilter
    lookup_url_kwarg = "slug"
    noun = "form"
    key = Order("slug", "slug", text=True)
    orderings = (
        Order("position", "position"),
        Order("label", "label", words=True),
        Order("family", "family", text=True),
        Order("level", "level", nullable=True),
        Order("first_date", "first_date", nullable=True),
        Order("last_date", "last_date", nullable=True),
    )
    default_ordering = "position"

    def rows(self) -> QuerySet[Form]:
        return Form.objects.order_by()

    def attach(self, records: list[dict[str, Any]], keys: Sequence[str], names: Sequence[str]) -> None:
        masters = Form.accountable_to.through.objects.filter(from_form__in=keys).order_by("to_form__position")
        found = _by_record(masters.values_list("from_form_id", "to_form_id"))
        links = Form.checks.through.objects.filter(form__in=keys).order_by("policycheck__position")
        checks = _by_record(links.values_list("form_id", "policycheck_id"))
        for record, slug in zip(records, keys, strict=True):
            attached = {"accountable_to": found[slug], "checks": checks[slug]}
            record |= {name: attached[name] for name in names}


class TransitionRulesViewSet(ListViewSet):
    """The declared graph: which form may become which, by which route, when, under which checks."""

    dated = False
    rests_on = DECLARED
    item = TransitionRuleDocument
    filters = TransitionRuleFilter
    key = Order("id", "id")
    orderings = (
        Order("from_form", "from_form_id", text=True),
        Order("to_form", "to_form_id", text=True),
        Order("route", "route", text=True),
        Order("earliest", "earliest", nullable=True),
        Order("latest", "latest", nullable=True),
    )
    default_ordering = "from_form,to_form,route"
    examples = examples.TRANSITION_RULES

    def rows(self) -> QuerySet[TransitionRule]:
        return TransitionRule.objects.order_by()

    def attach(self, records: list[dict[str, Any]], keys: Sequence[int], names: Sequence[str]) -> None:
        checks = TransitionRule.checks.through.objects.filter(transitionrule__in=keys)
        ordered = checks.order_by("policycheck__position", "policycheck_id")
        found = _by_record(ordered.values_list("transitionrule_id", "policycheck_id"))
        for record, rule in zip(records, keys, strict=True):
            attached = {
                "checks": found[rule],
                "consultation": CONSULTATION in found[rule],
                "joint_agreement": JOINT_AGREEMENT in found[rule],
            }
            record |= {name: attached[name] for name in names}


class ChecksViewSet(ListViewSet):
    """The policy checks a proposed change must meet."""

    dated = False
    rests_on = DECLARED
    item = CheckDocument
    key = Order("code", "code", text=True)
    orderings = (Order("position", "position"),)
    default_ordering = "position"

    def rows(self) -> QuerySet[PolicyCheck]:
        return PolicyCheck.objects.order_by()


class SourcesViewSet(RecordViewSet):
    """Documents and registers that facts are from."""

    dated = False
    rests_on = DECLARED
    item = whole = SourceDocument
    lookup_url_kwarg = "slug"
    noun = "source"
    key = Order("slug", "slug", text=True)
    orderings = (Order("title", "title", words=True), Order("year", "year", nullable=True))

    def rows(self) -> QuerySet[Source]:
        return Source.objects.order_by()


class GlossaryViewSet(ListViewSet):
    """Terms and acronyms in plain words."""

    dated = False
    rests_on = DECLARED
    item = GlossaryDocument
    key = Order("term", "term", text=True)

    def rows(self) -> QuerySet[GlossaryTerm]:
        return GlossaryTerm.objects.order_by()

    def attach(self, records: list[dict[str, Any]], keys: Sequence[str], names: Sequence[str]) -> None:
        forms = GlossaryTerm.see.through.objects.filter(glossaryterm__in=keys).order_by("form__position")
        found = _by_record(forms.values_list("glossaryterm_id", "form_id"))
        for record, term in zip(records, keys, strict=True):
            record["forms"] = found[term]
