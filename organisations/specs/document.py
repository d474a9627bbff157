"""The schema of a portfolio document (`pcorg-portfolio/1`): what it may say and how.

Unknown fields are refused. `fixtures/README.md` describes the format for administrators. In the JSON Schema, `sheet`
and `key` say what a list is called in a workbook where that is not the name of its field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from organisations.domain.vocabulary import (
    Basis,
    ChangeKind,
    Constituency,
    RelationshipKind,
    Route,
    ShareBasis,
    StatedPopulationBasis,
)
from pcorg.core.values import Unreadable, day_of

SCHEMA = "pcorg-portfolio/1"

_WITH_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]")


def _single_line(value: str) -> str:
    if not value.isprintable():
        raise ValueError("must be plain text on one line")
    return value


def _storable(value: str) -> str:
    if "\x00" in value:
        raise ValueError("must not hold the character U+0000")
    return value


def _day(value: object) -> object:
    """A text is a day only as 2010-04-01 has it: pydantic would take digits for seconds. A number is none."""
    if isinstance(value, str):
        try:
            return day_of(value)
        except Unreadable:
            if _WITH_TIME.match(value):
                without = "must be a date without a time, such as 2010-04-01"
                raise PydanticCustomError("date_from_datetime_inexact", without) from None
            raise PydanticCustomError("date_parsing", "must be a date such as 2010-04-01") from None
    if isinstance(value, int | float):
        raise ValueError("must be a date such as 2010-04-01")
    return value


def _number_only(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a whole number, not true or false")
    return value


@dataclass
class CodesGiven:
    """The codes that somebody gives, and how those are recorded that are known in another case. Given as the context
    of a validation; without it, as in a document, codes are taken as they stand."""

    recorded: Mapping[str, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)


def _as_recorded(code: str, info: ValidationInfo) -> str:
    if not isinstance(info.context, CodesGiven):
        return code
    info.context.given.add(code)
    return info.context.recorded.get(code, code)


Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$"), AfterValidator(_as_recorded)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
Line = Annotated[
    str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True), AfterValidator(_single_line)
]
Storable = AfterValidator(_storable)
"""No text holds U+0000, which PostgreSQL cannot keep."""
Prose = Annotated[str, StringConstraints(max_length=5000, strip_whitespace=True), Storable]
Phrase = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True), Storable]
Citation = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*( .{1,200})?$"), Storable]
Day = Annotated[date, BeforeValidator(_day), Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]
NUMBER_ONLY = BeforeValidator(_number_only)
"""Whole numbers are not given as true or false."""
Codes = Annotated[list[Code], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)]
"""Codes; one may stand alone."""
Fraction = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6), AfterValidator(Decimal.normalize)]


class DocumentModel(BaseModel):
    """A piece of a document; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True)


class Span(DocumentModel):
    """The period a portfolio covers, both days included."""

    from_: Day = Field(alias="from")
    to: Day


class Header(DocumentModel):
    """What a portfolio is about."""

    slug: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
    title: Line
    illustrative: bool
    covers: Span
    summary: Prose = ""
    attribution: Annotated[str, StringConstraints(max_length=300), Storable] = ""
    limits: list[Prose] = []


StatedBasis = Annotated[
    Basis,
    WithJsonSchema({"type": "string", "enum": [basis.value for basis in Basis if basis is not Basis.DECISION]}),
]
"""How a fact is known, as somebody states it. That it was decided here only a change that was carried out here says:
`validation` refuses it in a document."""


class StatedProvenance(DocumentModel):
    """How a fact is known. Absent, it is as the record around it."""

    basis: StatedBasis | None = None
    source: Citation | None = None
    note: Prose = ""


class ContributedRecord(StatedProvenance):
    """A record of a section that an app above contributes."""

    known_after: Slug | None = None
    """Only in a document given back: the change after which this was loaded; left out: before all that was carried
    out here."""


class StatedCount(StatedProvenance):
    """People counted on a day; `basis` says how they were counted."""

    count: Annotated[int, Field(ge=0, le=100_000_000), NUMBER_ONLY]
    on: Day
    basis: StatedPopulationBasis  # type: ignore[assignment]


class StatedSeats(StatedProvenance):
    """Seats of a constituency on the board."""

    constituency: Constituency
    seats: Annotated[int, Field(ge=1, le=100), NUMBER_ONLY]


class StatedBody(StatedProvenance):
    """A body and what is stated of it from its beginning."""

    code: Code
    name: Line
    form: Slug
    form_basis: StatedBasis | None = None
    opened: Day | None = None
    closed: Day | None = None
    accountable_to: Code | None = None
    sub_committee_of: Code | None = None
    operated_by: Code | None = None
    member_of: list[Code] = []
    located_in: list[Code] = []
    commissioned_by: list[Code] = []
    populations: list[StatedCount] = []
    board: list[StatedSeats] = []

    def outward(self) -> Iterator[tuple[RelationshipKind, str]]:
        """The relationships stated with the body: the kind of each and the body at the other end."""
        for name, kind in OUTWARD.items():
            value = getattr(self, name)
            for other in [value] if isinstance(value, str) else value or ():
                yield kind, other


OUTWARD = {
    "accountable_to": RelationshipKind.ACCOUNTABLE_TO,
    "sub_committee_of": RelationshipKind.SUB_COMMITTEE_OF,
    "operated_by": RelationshipKind.OPERATED_BY,
    "member_of": RelationshipKind.MEMBER_OF,
    "located_in": RelationshipKind.LOCATED_IN,
    "commissioned_by": RelationshipKind.COMMISSIONED_BY,
}
"""Fields of a body that state a relationship from its opening."""


class Continuing(DocumentModel):
    """A body that comes out of a change as it went in."""

    code: Code


class StatedTie(StatedProvenance):
    """A relationship between two bodies. `start` defaults to the later of their openings."""

    kind: RelationshipKind
    subject: Code
    object: Code
    share: Fraction | None = None
    start: Day | None = None
    end: Day | None = None


class StatedShare(DocumentModel):
    """The share of an original that a resulting body takes.

    `of` names bodies whose people it takes back: those who had come from them to the original.
    """

    original: Code
    resulting: Code
    share: Fraction
    basis: ShareBasis = ShareBasis.POPULATION
    of: Annotated[Codes, Field(max_length=200)] = []
    """Codes of the bodies whose people go, where the share takes back people who had come to the original."""
    of_share: Fraction = Decimal(1)
    """The part of the people of those bodies that goes. Left out: all of them."""
    others_share: Fraction = Decimal(0)
    """The part of all other people of the original that goes with them. Left out: nobody."""
    note: Prose = ""


class StatedLink(DocumentModel):
    """The share of the people whom an earlier body had at its end that a body coming out of the change has."""

    original: Code
    """A body that had closed before, whose people came to the originals by way of others."""
    resulting: Code
    share: Fraction
    basis: ShareBasis = ShareBasis.POPULATION
    note: Prose = ""


class StatedMove(DocumentModel):
    """Something named that passes from one body to another: a member's code, or a service, practice or ward."""

    what: Annotated[Line, AfterValidator(_as_recorded)]
    from_: Code = Field(alias="from")
    to: Code


class Correct(DocumentModel):
    """What the record should have said."""

    name: Line | None = None
    to_form: Slug | None = None


class Reasons(DocumentModel):
    """Why a change is proposed, and the evidence for it, keyed by check code."""

    effective_on: Day
    title: Line | None = None
    rationale: Prose = ""
    legal_instrument: Phrase = ""
    evidence: dict[str, Prose] = {}


class ChangeSpec(Reasons):
    """A change of any kind, as a proposal and a document state it. Which fields it needs depends on the kind;
    `resulting` names new bodies with name and form, and bodies that continue by their code alone. `corrects` is the
    change put right: its reference in a document, its number in a proposal."""

    kind: ChangeKind
    route: Route | None = None
    originals: list[Code] = []
    resulting: list[StatedBody | Continuing] = []
    to_form: Slug | None = None
    name: Line | None = None
    edges: list[StatedShare] = []
    links: list[StatedLink] = []
    moves: list[StatedMove] = []
    relationships: list[StatedTie] = []
    corrects: Slug | int | None = None
    set: Correct | None = None

    @property
    def starts_from(self) -> list[str]:
        """The codes of the bodies it starts from."""
        return self.originals


class ChangeRecord(StatedProvenance):
    """What the record of a change begins with in a document and a workbook: how it is known, and what it is called."""

    reference: Slug
    kind: ChangeKind
    route: Route | None = None


class StatedChange(ChangeSpec, ChangeRecord):
    """A dated change of recorded history."""

    title: Line
    evidence: Annotated[dict[Slug, Prose], Field(json_schema_extra={"key": "check"})] = {}
    resulting: Annotated[list[StatedBody | Continuing], Field(json_schema_extra={"sheet": "change_bodies"})] = []
    edges: Annotated[list[StatedShare], Field(json_schema_extra={"sheet": "shares"})] = []
    relationships: Annotated[list[StatedTie], Field(json_schema_extra={"sheet": "change_relationships"})] = []
    corrects: Slug | None = None


class Document(DocumentModel):
    """A whole portfolio: its header, opening facts, and changes to replay."""

    schema_: Literal["pcorg-portfolio/1"] = Field(alias="schema")
    portfolio: Header
    bodies: list[StatedBody] = []
    relationships: list[StatedTie] = []
    changes: list[StatedChange] = []
