"""Filters of lists, shared by the API and the pages.

`on` and `portfolio` say of which day and portfolio the list is: give them with the data, or set `of_day` and
`of_portfolio` before asking for the filtered rows (`qs`).
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

from organisations.domain.vocabulary import ChangeKind, ChangeStatus, Family, RelationshipKind, Route
from organisations.models import Change, ChangeParty, Form, Organisation, TransitionRule
from organisations.models.querysets import OrganisationQuerySet
from organisations.selectors.coterminosity import coterminosity
from pcorg.core.filters import CodesFilter, IsoDateFilter, ListFilters, OneOf, WholeNumberFilter, YesOrNoFilter
from pcorg.core.names import containing, recorded_code, with_words
from pcorg.core.portfolios import last_covered


class BodyField(forms.CharField):
    """The code of an organisation that exists, in either case."""

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        recorded = recorded_code(Organisation.objects.order_by(), code) if code else code
        if recorded is None:
            raise ValidationError(f"No organisation has the code {code}.", code="unknown-organisation")
        return recorded


class BodyFilter(django_filters.Filter):
    """Takes the code of an organisation; one that nobody has is refused."""

    field_class = BodyField
    takes_codes = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=40, **kwargs)


class LevelField(forms.TypedMultipleChoiceField):
    """Levels as numbers."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("choices", None)
        super().__init__(choices=[(level, f"Level {level}") for level in range(1, 5)], coerce=int, **kwargs)


class LevelFilter(OneOf):
    """Takes levels, 1 to 4, one or several."""

    field_class = LevelField
    schema: ClassVar = {"type": "integer", "minimum": 1, "maximum": 4}


class FormsField(forms.ModelMultipleChoiceField):
    """Slugs of forms."""

    default_error_messages = {"invalid_choice": "There is no form %(value)s."}


class FormsFilter(OneOf):
    """Takes slugs of forms, one or several."""

    field_class = FormsField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, queryset=Form.objects.all(), to_field_name="slug", **kwargs)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return super().filter(qs, [form.slug for form in value])


class OrganisationFilter(ListFilters):
    """What an organisation is found by. Values are those of the day, or the last known."""

    code = CodesFilter(Organisation.objects.all(), help_text="Codes, separated by commas.")
    form = FormsFilter(help_text="Form, by its slug; several may be given.")
    family = OneOf(choices=Family.choices(), help_text="Family of forms; several may be given.")
    level = LevelFilter(field_name="form_level", help_text="Level of the form, 1 to 4; several may be given.")
    name = django_filters.CharFilter(method="named", help_text="Part of the name.")
    q = django_filters.CharFilter(method="matching", help_text="Words to find in the name, or a part of the code.")
    accountable_to = BodyFilter(method="accountable", help_text="Code of the body it answers to.")
    member_of = BodyFilter(method="member", help_text="Code of the body it is a member of.")
    located_in = BodyFilter(method="located", help_text="Code of the body, such as a council, it lies in.")
    opened_after = IsoDateFilter(field_name="opened", lookup_expr="gte", help_text="Opened on this day or later.")
    opened_before = IsoDateFilter(field_name="opened", lookup_expr="lte", help_text="Opened on this day or earlier.")
    closed_after = IsoDateFilter(field_name="closed", lookup_expr="gte", help_text="Closed on this day or later.")
    closed_before = IsoDateFilter(field_name="closed", lookup_expr="lte", help_text="Closed on this day or earlier.")
    population_min = WholeNumberFilter(
        field_name="people", lookup_expr="gte", help_text="At least so many people; unknown is left out."
    )
    population_max = WholeNumberFilter(
        method="at_most", help_text="At most so many people; unknown and known in part is left out."
    )
    coterminous = YesOrNoFilter(
        method="fits_council",
        help_text="`true`: lies alone, among groups and trusts, in exactly one council; `false`: is known not to.",
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def named(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(containing("name", value))

    def matching(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(containing("code", value) | with_words(value, "name"))

    def accountable(self, rows: OrganisationQuerySet, name: str, value: str) -> QuerySet:
        return rows.tied(RelationshipKind.ACCOUNTABLE_TO, value, self.of_day)

    def member(self, rows: OrganisationQuerySet, name: str, value: str) -> QuerySet:
        return rows.tied(RelationshipKind.MEMBER_OF, value, self.of_day)

    def located(self, rows: OrganisationQuerySet, name: str, value: str) -> QuerySet:
        return rows.tied(RelationshipKind.LOCATED_IN, value, self.of_day)

    def at_most(self, bodies: QuerySet, name: str, value: int) -> QuerySet:
        """Bodies with at most so many people; of one known in part there may be more."""
        return bodies.filter(people__lte=value, people_at_least=False)

    def fits_council(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        known = coterminosity(self.of_portfolio)
        day = self.of_day
        fits = known.at_last(last_covered(self.of_portfolio)) if day is None else known.on(day)
        codes = [code for code, found in fits.items() if found is value]
        return rows.filter(code__in=codes)


class ChangeFilter(ListFilters):
    """What a change is found by."""

    kind = OneOf(choices=ChangeKind.choices(), help_text="Kind of change; several may be given.")
    status = OneOf(choices=ChangeStatus.choices(), help_text="How far it has come; several may be given.")
    q = django_filters.CharFilter(method="titled", help_text="Part of the title.")
    organisation = BodyFilter(method="touching", help_text="Code of an organisation that took part.")
    effective_after = IsoDateFilter(
        field_name="effective_on", lookup_expr="gte", help_text="Takes effect on this day or later."
    )
    effective_before = IsoDateFilter(
        field_name="effective_on", lookup_expr="lte", help_text="Takes effect on this day or earlier."
    )
    recorded = YesOrNoFilter(help_text="`true`: recorded history; `false`: proposals.")

    class Meta:
        model = Change
        fields: list[str] = []

    def titled(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(containing("title", value))

    def touching(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Exists(ChangeParty.objects.filter(change=OuterRef("pk"), organisation=value)))


class FormFilter(ListFilters):
    """What a form is found by."""

    slug = django_filters.CharFilter(help_text="Its slug.")
    family = OneOf(choices=Family.choices(), help_text="Family of forms; several may be given.")
    level = LevelFilter(help_text="Level, 1 to 4; several may be given.")
    existing_on = IsoDateFilter(method="existing", help_text="Such a body could exist on this day.")

    class Meta:
        model = Form
        fields: list[str] = []

    def existing(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        begun = Q(first_date__isnull=True) | Q(first_date__lte=value)
        return rows.filter(begun & (Q(last_date__isnull=True) | Q(last_date__gt=value)))


class TransitionRuleFilter(ListFilters):
    """What a step of the declared graph is found by."""

    from_form = FormsFilter(help_text="Form it starts from; several may be given.")
    to_form = FormsFilter(help_text="Form it leads to; several may be given.")
    route = OneOf(choices=Route.choices(), help_text="Route; several may be given.")
    on = IsoDateFilter(method="allowed_on", help_text="The step may take effect on this day.")

    class Meta:
        model = TransitionRule
        fields: list[str] = []

    def allowed_on(self, rows: QuerySet, name: str, value: date) -> QuerySet:
        begun = Q(earliest__isnull=True) | Q(earliest__lte=value)
        return rows.filter(begun & (Q(latest__isnull=True) | Q(latest__gte=value)))
