"""Documents of portfolios: what is loaded, what a load brings, and the loads there were."""

# A field named source hides an attribute of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from organisations.domain.vocabulary import LoadState
from pcorg.core.api.rows import AddressField


class PortfolioItemSerializer(serializers.Serializer):
    """A portfolio: what is loaded, of which period. `covers_from` and `covers_to` are both included. At its address
    stands the whole document."""

    slug = serializers.CharField()
    title = serializers.CharField()
    illustrative = serializers.BooleanField()
    covers_from = serializers.DateField()
    covers_to = serializers.DateField()
    summary = serializers.CharField()
    attribution = serializers.CharField()
    limits = serializers.JSONField(help_text="What is unknown, inferred or left out, in sentences")
    url = AddressField("api:portfolio-detail", source="slug")


class SectionCountsSerializer(serializers.Serializer):
    """What a load does to the records of one section."""

    section = serializers.CharField(help_text="The section of the document, such as `bodies` or `contracts`")
    created = serializers.IntegerField(help_text="New records")
    changed = serializers.IntegerField(help_text="Records described anew")
    unchanged = serializers.IntegerField(help_text="Records that are there already as they are stated")


class FieldChangeSerializer(serializers.Serializer):
    """A field of a record that is set anew."""

    field = serializers.CharField(help_text="Fields of a field are told apart with a dot: `covers.to`")
    before = serializers.JSONField(help_text="Null: not given")
    after = serializers.JSONField(help_text="Null: not given")


class CreatedRecordSerializer(serializers.Serializer):
    """A record that is new."""

    key = serializers.CharField(help_text="Its natural key: `body:X-V1`")
    code = serializers.CharField(help_text="What the document calls it")
    title = serializers.CharField(help_text="What it is called, or what it is about")
    detail = serializers.CharField(
        help_text="The form of a body, the kind and day of a change, the days of a relationship"
    )


class ChangedRecordSerializer(serializers.Serializer):
    """A record that is there and is described differently."""

    key = serializers.CharField(help_text="Its natural key")
    code = serializers.CharField(help_text="What the document calls it")
    title = serializers.CharField(help_text="What it is called, or what it is about")
    fields = FieldChangeSerializer(many=True)


class SectionReviewSerializer(serializers.Serializer):
    """The records of one section that are new or changed, by name: the first of each, as many as `limit` says."""

    section = serializers.CharField()
    created = CreatedRecordSerializer(many=True)
    changed = ChangedRecordSerializer(many=True)
    more_created = serializers.IntegerField(help_text="New records that are not listed")
    more_changed = serializers.IntegerField(help_text="Changed records that are not listed")


def reviewed_sections(review: Sequence[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """What a document brings by name: the first of each kind, and how many there are besides."""
    return [
        {
            "section": section["section"],
            "created": section["created"][:most],
            "changed": section["changed"][:most],
            "more_created": max(len(section["created"]) - most, 0),
            "more_changed": max(len(section["changed"]) - most, 0),
        }
        for section in review
    ]


class AlteredOrganisationSerializer(serializers.Serializer):
    """An organisation that is on record and that a document says something new of."""

    code = serializers.CharField()
    name = serializers.CharField(help_text="Its latest name")
    portfolio = serializers.CharField()


class LoadDocumentSerializer(serializers.Serializer):
    """What a load brought, or with `dry_run` would bring."""

    portfolio = serializers.CharField()
    title = serializers.CharField()
    dry_run = serializers.BooleanField()
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    nothing_new = serializers.BooleanField(help_text="Whether everything is there already as it is stated")
    sections = SectionCountsSerializer(many=True)
    review = SectionReviewSerializer(many=True, help_text="What is new and what changes, by name")
    alters = AlteredOrganisationSerializer(
        many=True, help_text="The organisations on record that it says something new of"
    )
    wants_confirming = serializers.BooleanField(
        help_text="Whether it alters what is recorded already, so that loading it takes somebody else's confirmation"
    )
    bodies = serializers.IntegerField(help_text="Bodies that the document states in all")
    changes = serializers.IntegerField(help_text="Changes that the document states in all")
    file = serializers.CharField(help_text="Name of the file")
    sha256 = serializers.CharField(help_text="SHA-256 of the file")
    url = AddressField("api:portfolio-detail", source="portfolio")


class PastLoadSerializer(serializers.Serializer):
    """One load of a portfolio: which file, by whom, when, and what it brought."""

    file_name = serializers.CharField()
    sha256 = serializers.CharField(help_text="SHA-256 of the file")
    loaded_at = serializers.DateTimeField()
    loaded_by = serializers.CharField()
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    confirmed_by = serializers.CharField(help_text="Who confirmed what altered recorded history; empty: nobody had to")


class PastLoadsSerializer(serializers.Serializer):
    """The loads of a portfolio, newest first."""

    results = PastLoadSerializer(many=True)


class DocumentSchemaSerializer(serializers.Serializer):
    """A JSON Schema (draft 2020-12)."""

    title = serializers.CharField()
    type = serializers.CharField()
    properties = serializers.DictField()
    required = serializers.ListField(child=serializers.CharField())

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), "$defs": serializers.DictField(), "$schema": serializers.CharField()}


class WaitingLoadItemSerializer(serializers.Serializer):
    """A file that alters what is recorded already, and what has become of it."""

    id = serializers.IntegerField()
    portfolio = serializers.CharField()
    title = serializers.CharField()
    file = serializers.CharField(source="file_name", help_text="Name of the file")
    sha256 = serializers.CharField(help_text="SHA-256 of the file")
    status = serializers.ChoiceField(choices=LoadState.choices())
    asked_by = serializers.CharField(source="asked_by__username")
    asked_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_by__username", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(help_text="Why it was refused")
    url = AddressField("api:waiting-load-detail", source="id")


class WaitingLoadDetailSerializer(WaitingLoadItemSerializer):
    """A file that waits or waited, with what it brings and alters by name, as it was last worked out."""

    state = serializers.CharField(
        help_text="Fingerprint of the file, of this review and of what it rests on. A confirmation names it so, or by "
        "the tag of this answer in `If-Match`, and holds for it alone"
    )
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    sections = SectionCountsSerializer(many=True)
    review = SectionReviewSerializer(many=True, help_text="What is new and what changes, by name")
    alters = AlteredOrganisationSerializer(
        many=True, help_text="The organisations on record that it says something new of"
    )
    allowed_actions = serializers.ListField(
        child=serializers.CharField(), help_text="What the reader may do: `confirm`, `refuse`, `withdraw`"
    )
    confirm_url = serializers.URLField()
    refuse_url = serializers.URLField()
    withdraw_url = serializers.URLField()
