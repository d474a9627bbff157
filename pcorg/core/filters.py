"""Base classes and fields of list filters, for the API and the pages.

A filter class may say as `schema` what its text looks like, for the API's description, and as `takes_codes` that it
names records by their codes.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from pcorg.core.forms.address import without_blanks
from pcorg.core.names import as_recorded, is_illustrative
from pcorg.core.values import IsoDateField

MOST = 2_000_000_000
"""The largest whole number asked for."""


class IsoDateFilter(django_filters.Filter):
    """Takes a day written as `2009-04-01`."""

    field_class = IsoDateField
    schema: ClassVar = {"type": "string", "format": "date"}


class WholeNumberField(forms.IntegerField):
    """A whole number that a database can hold."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=MOST, **kwargs)


class WholeNumberFilter(django_filters.Filter):
    """Takes a whole number from 0."""

    field_class = WholeNumberField
    schema: ClassVar = {"type": "integer", "minimum": 0, "maximum": MOST}


class YesOrNoField(forms.Field):
    """`true` or `false`; anything else is refused rather than taken for unknown."""

    WORDS = {"true": True, "false": False}

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        if str(value) not in self.WORDS:
            raise ValidationError("Give true or false.")
        return self.WORDS[str(value)]


class YesOrNoFilter(django_filters.Filter):
    """Takes `true` or `false`."""

    field_class = YesOrNoField
    schema: ClassVar = {"type": "boolean"}


class CodesField(forms.CharField):
    """Codes of records of a kind, separated by commas and in either case. What nothing has stays as it is given."""

    def __init__(self, *, records: QuerySet, **kwargs: Any) -> None:
        self.records = records
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        given = [code for code in (part.strip() for part in text.split(",")) if code]
        if text and not given:
            raise ValidationError("Give codes, separated by commas.")
        recorded = as_recorded(self.records, given) if given else {}
        return [recorded.get(code, code) for code in given]


class CodesFilter(django_filters.Filter):
    """Takes codes of records of a kind, separated by commas; keeps the rows that have one of them."""

    field_class = CodesField
    takes_codes = True

    def __init__(self, records: QuerySet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, records=records.order_by(), **kwargs)

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class OneOf(django_filters.MultipleChoiceFilter):
    """Takes one or several of the words of a vocabulary."""

    def filter(self, qs: QuerySet, value: list[Any]) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class ListFilters(django_filters.FilterSet):
    """Filters of a list that may be of a day and of a portfolio. A blank value is no filter: a browser sends every
    field of a search form, filled in or not."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *args: Any,
        on: date | None = None,
        portfolio: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.of_day, self.of_portfolio = on, portfolio
        super().__init__(None if data is None else without_blanks(data), *args, **kwargs)

    def names_illustrative(self) -> bool:
        """Whether a code of an illustrative portfolio is named. A list that is of no stated portfolio is then of all
        of them: what is named is what is asked for."""
        if not self.is_valid():
            return False
        by_code = [name for name, one in self.filters.items() if getattr(one, "takes_codes", False)]
        named = [self.form.cleaned_data[name] for name in by_code]
        codes = [code for value in named if value for code in ([value] if isinstance(value, str) else value)]
        return any(is_illustrative(code) for code in codes)
