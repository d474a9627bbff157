"""What serializers of commissioning are made of: money, staff, words, holdings over time, and what every thing says of
itself. Money is pounds a year as a decimal in a string; staff are whole-time equivalent."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from organisations.api.serializers import BodyNameSerializer
from organisations.domain.vocabulary import Basis
from pcorg.core.api.rows import Supplied

LAST = ("start", "end", "holding", "portfolio", "illustrative", "url")
"""Fields that close every row, after those that are its own."""


class Pounds(serializers.DecimalField):
    """Money in pounds with pence, as a decimal in a string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=16, decimal_places=2, **kwargs)


class SuppliedPounds(Supplied, Pounds):
    """Money that comes by one more query."""


class Fraction(serializers.DecimalField):
    """A part of a whole, 0 to 1, as a decimal in a string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=7, decimal_places=4, **kwargs)


class SuppliedFraction(Supplied, Fraction):
    """A part of a whole that comes by one more query."""


class SuppliedCode(Supplied, serializers.CharField):
    """A code that comes by one more query."""


class WholeTime(serializers.DecimalField):
    """Staff as whole-time equivalent, as a decimal in a string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=8, decimal_places=2, **kwargs)


class YesOrNo(serializers.BooleanField):
    """True, false or, where it is not known, null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)


class WordOrNull(serializers.ChoiceField):
    """A word of a vocabulary; null where none is stated."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return value or None


@extend_schema_field(BodyNameSerializer)
class OrganisationField(serializers.Field):
    """An organisation by code and name, from its code. `names` stand in the context."""

    def to_representation(self, value: str) -> dict[str, str]:
        return {"code": value, "name": self.context["names"].get(value, value)}


class Slugs(serializers.ListField):
    """The keys of related records in their order."""

    child = serializers.CharField()

    def to_representation(self, value: Any) -> list[str]:
        return [record.pk for record in value.all()]


class ByThen(serializers.DateField):
    """A day on which something came about; null where that is after the day asked about."""

    def to_representation(self, value: Any) -> Any:
        on = self.context.get("as_of")
        return None if on is not None and value > on else super().to_representation(value)


class Spells(serializers.ListSerializer):
    """Holdings; with a day, those in force on it."""

    def to_representation(self, data: Any) -> list[Any]:
        on = self.context.get("as_of")
        rows = data.all() if hasattr(data, "all") else data
        return super().to_representation([row for row in rows if on is None or _in_force(row, on)])


def _in_force(row: Any, on: date) -> bool:
    return row.start <= on and (row.end is None or on < row.end)


class HoldingItemSerializer(serializers.Serializer):
    """A thing and who holds it from `start` up to, and not including, `end`. One thing may have several rows: each
    `holding` is one."""

    code = serializers.CharField(source="item_id", help_text="Code of the thing, for ever the same")
    title = serializers.CharField(source="item.title")
    start = serializers.DateField(help_text="First day of this holding")
    end = serializers.DateField(allow_null=True, help_text="First day on which it no longer holds")
    holding = serializers.IntegerField(source="pk", help_text="Number of this row: breaks ties in orderings")
    portfolio = serializers.CharField(source="item.portfolio_id")
    illustrative = serializers.BooleanField(source="item.portfolio.illustrative", help_text="Invented")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        own = {name: field for name, field in fields.items() if name not in LAST}
        return {**own, **{name: fields[name] for name in LAST}}


class HeldSpellSerializer(serializers.Serializer):
    """Who held the thing from `start` up to, and not including, `end`."""

    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    begun_by = serializers.IntegerField(
        source="begun_by_id", allow_null=True, help_text="Number of the change that began it; null at the opening"
    )
    ended_by = serializers.IntegerField(
        source="ended_by_id", allow_null=True, help_text="Number of the change that ended it"
    )


class OwnedSpellSerializer(HeldSpellSerializer):
    """Which body held the thing."""

    class Meta:
        list_serializer_class = Spells

    organisation = OrganisationField(source="organisation_id")


class ThingDetailSerializer(serializers.Serializer):
    """What every thing tells of itself. With a date its holdings are those in force on it, else all there ever were."""

    code = serializers.CharField()
    title = serializers.CharField()
    portfolio = serializers.CharField(source="portfolio_id")
    illustrative = serializers.BooleanField(source="portfolio.illustrative", help_text="Invented")
    basis = serializers.ChoiceField(choices=Basis.choices(), help_text="How it is known")
    source = serializers.CharField(source="citation", help_text="Slug of the source and the place in it")
    note = serializers.CharField()
