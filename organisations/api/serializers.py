"""Documents of organisations, their lineage and the configuration they make."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from organisations.domain.counts import readable
from organisations.domain.vocabulary import (
    Basis,
    ChangeKind,
    ChangeStatus,
    Constituency,
    OpenedBasis,
    PopulationBasis,
    RelationshipKind,
    ShareBasis,
    ShareEvidence,
)
from organisations.selectors.lineage import Unresolved
from pcorg.core.api.rows import AddressField
from pcorg.core.api.serializers import CoverageSerializer, Day, StrictSerializer

MOST_CODES = 10_000
AT_LEAST = "Whether some of its people are not known, so that there may be more"


class Share(serializers.CharField):
    """A fraction from 0 to 1 as a decimal in a string."""


class CarriedBack(serializers.BooleanField):
    """Whether a count was made after the day asked about, for want of an earlier one. Null where nothing
    is known."""

    def to_representation(self, value: Any) -> bool:
        on = self.context.get("as_of")
        return on is not None and value > on


class PartCodes(serializers.ListField):
    """The codes of the bodies from whose counts a population was computed; empty for one that was counted."""

    child = serializers.CharField()

    def to_representation(self, value: Any) -> list[str]:
        return [part["code"] for part in readable(value)]


class FormBriefSerializer(serializers.Serializer):
    """The form of an organisation."""

    slug = serializers.CharField(source="form")
    label = serializers.CharField(source="form_label")
    level = serializers.IntegerField(source="form_level", allow_null=True)


class PopulationBriefSerializer(serializers.Serializer):
    """People of an organisation; everything null where unknown."""

    count = serializers.IntegerField(source="people", allow_null=True)
    on = serializers.DateField(source="people_on", allow_null=True)
    basis = serializers.ChoiceField(source="people_basis", choices=PopulationBasis.choices(), allow_null=True)
    carried_back = CarriedBack(source="people_on", allow_null=True)
    at_least = serializers.BooleanField(source="people_at_least", allow_null=True, help_text=AT_LEAST)
    computed_from = PartCodes(source="people_parts", allow_null=True, help_text="Codes of whose counts it was computed")


class CountPartSerializer(serializers.Serializer):
    """A count that a computed population was worked out from; null where the body's population was not known."""

    code = serializers.CharField()
    share = Share(help_text="The part of its people that was taken")
    count = serializers.IntegerField(allow_null=True, help_text="All of its people")
    on = serializers.DateField(allow_null=True, help_text="The day of the count, or of its own oldest part")
    basis = serializers.ChoiceField(choices=PopulationBasis.choices(), allow_null=True)
    at_least = serializers.BooleanField(help_text="Whether that count was itself known only in part")


class OrganisationItemSerializer(serializers.Serializer):
    """An organisation in a list. Form, name, people and accountability are those of the day, or the last
    known."""

    code = serializers.CharField()
    name = serializers.CharField(allow_null=True)
    form = FormBriefSerializer(source="*")
    opened = serializers.DateField()
    closed = serializers.DateField(allow_null=True)
    population = PopulationBriefSerializer(source="*")
    accountable_to = serializers.CharField(allow_null=True)
    portfolio = serializers.CharField(source="portfolio_id")
    illustrative = serializers.BooleanField(source="portfolio.illustrative")
    url = AddressField("api:organisation-detail", source="code")


class KnownSerializer(serializers.Serializer):
    """How a fact is known."""

    basis = serializers.ChoiceField(choices=Basis.choices())
    source = serializers.CharField(help_text="Slug of the source and the place in it; empty where there is none")
    note = serializers.CharField()


class EndingSerializer(serializers.Serializer):
    """How an end is known: the change that brought it, with its basis and source; without one, those of the fact."""

    change = serializers.IntegerField(
        allow_null=True, help_text="Null where the end is stated and no change brought it"
    )
    basis = serializers.ChoiceField(choices=Basis.choices())
    source = serializers.CharField()


class SpellSerializer(KnownSerializer):
    """A fact that holds from `start` up to, and not including, `end`."""

    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    begun_by = serializers.IntegerField(allow_null=True, help_text="The change that began it; null where none did")
    ended = EndingSerializer(allow_null=True, help_text="How its end is known; null while it has none")


class NameSpellSerializer(SpellSerializer):
    """A name for a period."""

    name = serializers.CharField()


class FormSpellSerializer(SpellSerializer):
    """A form for a period."""

    slug = serializers.CharField()
    label = serializers.CharField()
    level = serializers.IntegerField(allow_null=True)


class RelationshipSpellSerializer(SpellSerializer):
    """A tie seen from the organisation: `to` the other, `from` the other, or `both` where it reads the
    same."""

    kind = serializers.ChoiceField(choices=RelationshipKind.choices())
    organisation = serializers.CharField(help_text="Code of the other body")
    name = serializers.CharField()
    direction = serializers.ChoiceField(choices=[("to", "to"), ("from", "from"), ("both", "both")])
    share = Share(allow_null=True)


class SeatSpellSerializer(SpellSerializer):
    """Seats of a constituency on the board for a period."""

    constituency = serializers.ChoiceField(choices=Constituency.choices())
    seats = serializers.IntegerField()


class PopulationCountSerializer(serializers.Serializer):
    """People counted on a day: `basis` says how they were counted, `known` how the figure is known."""

    count = serializers.IntegerField()
    on = serializers.DateField(help_text="The day of the count, or of the oldest one that it was computed from")
    basis = serializers.ChoiceField(choices=PopulationBasis.choices())
    at_least = serializers.BooleanField(help_text=AT_LEAST)
    standing_from = serializers.DateField(help_text="From this day on it stands: a computed one from its change")
    parts = CountPartSerializer(many=True)
    known = serializers.ChoiceField(choices=Basis.choices())
    source = serializers.CharField()
    note = serializers.CharField()


class ChangeBriefSerializer(serializers.Serializer):
    """A change an organisation took part in."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ChangeKind.choices())
    effective_on = serializers.DateField()
    status = serializers.ChoiceField(choices=ChangeStatus.choices())
    recorded = serializers.BooleanField(help_text="History from a register or document, not a proposal made here")
    basis = serializers.ChoiceField(choices=Basis.choices())
    title = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=["original", "resulting"]))


class CurrentFormSerializer(serializers.Serializer):
    """The form of the day with how it is known."""

    slug = serializers.CharField()
    label = serializers.CharField()
    level = serializers.IntegerField(allow_null=True)
    basis = serializers.ChoiceField(choices=Basis.choices())


class CurrentPopulationSerializer(serializers.Serializer):
    """The count that stands for the day; everything null where nothing is known. A computed one was worked out by a
    change from the counts in `parts`; its day is that of the oldest."""

    count = serializers.IntegerField(allow_null=True)
    on = serializers.DateField(allow_null=True)
    basis = serializers.ChoiceField(choices=PopulationBasis.choices(), allow_null=True)
    carried_back = serializers.BooleanField(allow_null=True)
    at_least = serializers.BooleanField(allow_null=True, help_text=AT_LEAST)
    standing_from = serializers.DateField(allow_null=True)
    parts = CountPartSerializer(many=True)


class BodyNameSerializer(serializers.Serializer):
    """An organisation by code and name."""

    code = serializers.CharField()
    name = serializers.CharField()


class OrganisationDetailSerializer(serializers.Serializer):
    """Everything about one organisation."""

    code = serializers.CharField()
    name = serializers.CharField()
    portfolio = serializers.CharField()
    illustrative = serializers.BooleanField()
    opened = serializers.DateField()
    opened_basis = serializers.ChoiceField(choices=OpenedBasis.choices())
    closed = serializers.DateField(allow_null=True)
    form = CurrentFormSerializer(allow_null=True)
    population = CurrentPopulationSerializer()
    accountable_to = BodyNameSerializer(allow_null=True)
    names = NameSpellSerializer(many=True)
    forms = FormSpellSerializer(many=True)
    relationships = RelationshipSpellSerializer(many=True)
    populations = PopulationCountSerializer(many=True)
    board = serializers.DictField(child=serializers.IntegerField(), help_text="Seats by constituency")
    board_seats = SeatSpellSerializer(many=True)
    changes = ChangeBriefSerializer(many=True)
    coverage = CoverageSerializer()
    basis = serializers.ChoiceField(choices=Basis.choices())
    source = serializers.CharField()
    note = serializers.CharField()
    closing = EndingSerializer(allow_null=True, help_text="How its closing is known; null while it is open")
    url = AddressField("api:organisation-detail", source="code")


class EvidencedSerializer(serializers.Serializer):
    """How a share between two bodies is known."""

    basis = serializers.ChoiceField(
        choices=ShareEvidence.choices(),
        help_text="`stated`: by one change, by a stated link, or by a chain of changes in which nobody else joined. "
        "`composed`: multiplied through bodies in which people of several originals had mixed, all taken to be alike. "
        "`areas`: reserved.",
    )
    composed_through = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the bodies in which people had mixed; empty where stated"
    )


class LineageNodeSerializer(serializers.Serializer):
    """A body in a lineage."""

    code = serializers.CharField()
    name = serializers.CharField()
    form = serializers.CharField(allow_null=True)
    opened = serializers.DateField()
    closed = serializers.DateField(allow_null=True)


class LineageStepSerializer(serializers.Serializer):
    """The share of a predecessor's population that a successor took by a change."""

    predecessor = serializers.CharField()
    successor = serializers.CharField()
    share = Share()
    basis = serializers.ChoiceField(choices=ShareBasis.choices())
    of = serializers.ListField(child=serializers.CharField(), help_text="Codes of the bodies whose people it took back")
    change = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ChangeKind.choices())
    effective_on = serializers.DateField()


class LineageLinkSerializer(serializers.Serializer):
    """A stated share of the people whom a body had at its end, by a change that lies beyond the bodies between."""

    predecessor = serializers.CharField()
    successor = serializers.CharField()
    share = Share()
    basis = serializers.ChoiceField(choices=ShareBasis.choices())
    change = serializers.IntegerField()
    effective_on = serializers.DateField()


class LineageEndSerializer(EvidencedSerializer):
    """A body at the far end of a lineage, with the share that passes between it and the root and its
    weightiest path."""

    code = serializers.CharField()
    name = serializers.CharField()
    share = Share()
    status = serializers.ChoiceField(choices=["open", "closed"])
    path = serializers.ListField(child=serializers.CharField())


class LineageSerializer(serializers.Serializer):
    """Where an organisation came from and what became of it."""

    root = serializers.CharField()
    nodes = LineageNodeSerializer(many=True)
    edges = LineageStepSerializer(many=True)
    links = LineageLinkSerializer(many=True, help_text="Stated shares that outrank those multiplied along the edges")
    latest_successors = LineageEndSerializer(many=True)
    earliest_predecessors = LineageEndSerializer(many=True)
    coverage = CoverageSerializer()


class TimelineEntrySerializer(serializers.Serializer):
    """One dated fact; its further fields are those of its type."""

    type = serializers.ChoiceField(choices=["change", "name", "form", "board", "population", "relationship"])
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)


class TimelineSerializer(serializers.Serializer):
    """Everything dated about an organisation in order of time."""

    code = serializers.CharField()
    name = serializers.CharField()
    opened = serializers.DateField()
    opened_basis = serializers.ChoiceField(choices=OpenedBasis.choices())
    closed = serializers.DateField(allow_null=True)
    coverage = CoverageSerializer()
    entries = TimelineEntrySerializer(many=True)


@extend_schema_field({"type": ["string", "integer"]})
class CodeAsked(serializers.Field):
    """A code as somebody holds it. One that cannot be a code, or is blank, has a problem in its own result."""

    def __init__(self) -> None:
        super().__init__(allow_null=True)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str | int) or isinstance(data, bool):
            raise serializers.ValidationError("Give a code as text.")
        return str(data).strip()

    def to_representation(self, value: str) -> str:
        return value


class ResolveRequestSerializer(StrictSerializer):
    """Old codes, the day of the data that bear them, and the day on which somebody must stand for them.

    Without `on`, in the end. Without `from`, the people with whom each body opened.
    """

    codes = serializers.ListField(child=CodeAsked(), min_length=1, max_length=MOST_CODES)
    on = Day(required=False, allow_null=True, default=None)

    def get_fields(self) -> dict[str, Any]:
        since = Day(
            required=False,
            allow_null=True,
            default=None,
            help_text="The day of the data: the code stands for the people whom the body had at the end of that day",
        )
        return {**super().get_fields(), "from": since}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        since, on = attrs["from"], attrs["on"]
        if since is not None and on is not None and since > on:
            raise serializers.ValidationError({"from": "The day of the data must be on or before the day asked for."})
        return attrs


class StandInSerializer(EvidencedSerializer):
    """A body that stands for an old code, with the share of it that came there and the weightiest path."""

    code = serializers.CharField()
    share = Share()
    path = serializers.ListField(child=serializers.CharField())


class ResolvedSerializer(serializers.Serializer):
    """What stands for one code. Coverage is null where no organisation has the code."""

    code = serializers.CharField(help_text="As it was asked for")
    bodies = StandInSerializer(many=True)
    problem = serializers.ChoiceField(choices=Unresolved.choices(), allow_null=True)
    coverage = CoverageSerializer(allow_null=True, help_text="Of the day asked for")
    from_coverage = CoverageSerializer(allow_null=True, help_text="Of the day of the data; null where none was given")


class ResolutionSerializer(serializers.Serializer):
    """What stands for each code asked about, in the order asked."""

    def get_fields(self) -> dict[str, Any]:
        return {
            "from": serializers.DateField(allow_null=True),
            "on": serializers.DateField(allow_null=True),
            "coverage": CoverageSerializer(help_text="Of the day asked for, over all bodies named"),
            "from_coverage": CoverageSerializer(allow_null=True, help_text="Of the day of the data"),
            "results": ResolvedSerializer(many=True),
        }
