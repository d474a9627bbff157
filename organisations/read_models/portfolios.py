"""Portfolios: what is loaded, what a load brings, and the loads there were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, NotRequired, TypedDict

from organisations.domain.vocabulary import LoadState
from pcorg.core.read_models import (
    LAST,
    URL,
    Address,
    Source,
    component,
)


class PortfolioItem(TypedDict):
    """A portfolio: what is loaded, of which period. `covers_from` and `covers_to` are both included. At its address
    stands the whole document."""

    slug: str
    title: str
    illustrative: bool
    covers_from: date
    covers_to: date
    summary: str
    attribution: str
    limits: Annotated[Any, "What is unknown, inferred or left out, in sentences"]
    url: NotRequired[Annotated[str, Address("api:portfolio-detail", "slug")]]


class SectionCounts(TypedDict):
    """What a load does to the records of one section."""

    section: Annotated[str, "The section of the document, such as `bodies` or `contracts`"]
    created: Annotated[int, "New records"]
    changed: Annotated[int, "Records described anew"]
    unchanged: Annotated[int, "Records that are there already as they are stated"]


@component("FieldChange")
class ChangedField(TypedDict):
    """A field of a record that is set anew."""

    field: Annotated[str, "Fields of a field are told apart with a dot: `covers.to`"]
    before: Annotated[Any, "Null: not given"]
    after: Annotated[Any, "Null: not given"]


class CreatedRecord(TypedDict):
    """A record that is new."""

    key: Annotated[str, "Its natural key: `body:X-V1`"]
    code: Annotated[str, "What the document calls it"]
    title: Annotated[str, "What it is called, or what it is about"]
    detail: Annotated[str, "The form of a body, the kind and day of a change, the days of a relationship"]


class ChangedRecord(TypedDict):
    """A record that is there and is described differently."""

    key: Annotated[str, "Its natural key"]
    code: Annotated[str, "What the document calls it"]
    title: Annotated[str, "What it is called, or what it is about"]
    fields: list[ChangedField]


@component("SectionReview")
class ReviewedSection(TypedDict):
    """The records of one section that are new or changed, by name: the first of each, as many as `limit` says."""

    section: str
    created: list[CreatedRecord]
    changed: list[ChangedRecord]
    more_created: Annotated[int, "New records that are not listed"]
    more_changed: Annotated[int, "Changed records that are not listed"]


def reviewed_sections(review: Sequence[dict[str, Any]], most: int) -> list[ReviewedSection]:
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


@component("AlteredOrganisation")
class OrganisationAltered(TypedDict):
    """An organisation that is on record and that a document says something new of."""

    code: str
    name: Annotated[str, "Its latest name"]
    portfolio: str


class LoadDocument(TypedDict):
    """What a load brought, or with `dry_run` would bring."""

    portfolio: str
    title: str
    dry_run: bool
    created: int
    changed: int
    unchanged: int
    nothing_new: Annotated[bool, "Whether everything is there already as it is stated"]
    sections: list[SectionCounts]
    review: Annotated[list[ReviewedSection], "What is new and what changes, by name"]
    alters: Annotated[list[OrganisationAltered], "The organisations on record that it says something new of"]
    wants_confirming: Annotated[
        bool, "Whether it alters what is recorded already, so that loading it takes somebody else's confirmation"
    ]
    bodies: Annotated[int, "Bodies that the document states in all"]
    changes: Annotated[int, "Changes that the document states in all"]
    file: Annotated[str, "Name of the file"]
    sha256: Annotated[str, "SHA-256 of the file"]
    url: NotRequired[Annotated[str, Address("api:portfolio-detail", "portfolio")]]


class PastLoad(TypedDict):
    """One load of a portfolio: which file, by whom, when, and what it brought."""

    file_name: str
    sha256: Annotated[str, "SHA-256 of the file"]
    loaded_at: datetime
    loaded_by: str
    created: int
    changed: int
    unchanged: int
    confirmed_by: Annotated[str, "Who confirmed what altered recorded history; empty: nobody had to"]


class PastLoads(TypedDict):
    """The loads of a portfolio, newest first."""

    results: list[PastLoad]


_Named = TypedDict("_Named", {"$defs": Annotated[dict[str, Any], LAST], "$schema": Annotated[str, LAST]})


class DocumentSchema(_Named):
    """A JSON Schema (draft 2020-12)."""

    title: str
    type: str
    properties: dict[str, Any]
    required: list[str]


class WaitingLoadItem(TypedDict):
    """A file that alters what is recorded already, and what has become of it."""

    id: int
    portfolio: str
    title: str
    file: Annotated[str, "Name of the file", Source("file_name")]
    sha256: Annotated[str, "SHA-256 of the file"]
    status: Annotated[str, LoadState]
    asked_by: Annotated[str, Source("asked_by__username")]
    asked_at: datetime
    decided_by: Annotated[str | None, Source("decided_by__username")]
    decided_at: datetime | None
    reason: Annotated[str, "Why it was refused"]
    url: NotRequired[Annotated[str, Address("api:waiting-load-detail", "id")]]


class WaitingLoadDetail(WaitingLoadItem):
    """A file that waits or waited, with what it brings and alters by name, as it was last worked out."""

    state: Annotated[
        str,
        "Fingerprint of the file, of this review and of what it rests on. A confirmation names it so, or by "
        "the tag of this answer in `If-Match`, and holds for it alone",
    ]
    created: int
    changed: int
    unchanged: int
    sections: list[SectionCounts]
    review: Annotated[list[ReviewedSection], "What is new and what changes, by name"]
    alters: Annotated[list[OrganisationAltered], "The organisations on record that it says something new of"]
    allowed_actions: Annotated[list[str], "What the reader may do: `confirm`, `refuse`, `withdraw`"]
    confirm_url: Annotated[str, URL]
    refuse_url: Annotated[str, URL]
    withdraw_url: Annotated[str, URL]
