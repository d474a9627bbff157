"""The schema of what a portfolio document says of commissioning: ten sections and their records.

Each record is stated as it is on the day it begins; the changes of later days move it. Its day left out is the latest
opening of the bodies it names.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, StringConstraints

from commissioning.domain.vocabulary import (
    AnswerState,
    Flexibility,
    PilotEnd,
    PilotVariant,
    PremisesKind,
    Sector,
    Separation,
    SetBy,
    Stream,
)
from organisations.specs.document import (
    NUMBER_ONLY,
    Code,
    ContributedRecord,
    Day,
    DocumentModel,
    Line,
    Phrase,
    Prose,
    Slug,
    StatedProvenance,
    Storable,
)

PENCE = Decimal("0.01")


def _price_year(value: str) -> str:
    found = re.fullmatch(r"(\d{4})/(\d{2})", value)
    if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
        raise ValueError(f"“{value}” is not a financial year: give two years that follow each other, such as 2008/09")
    return value


def _to_pence(value: Decimal) -> Decimal:
    return value.quantize(PENCE)


ThingCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,59}$")]
"""The code of a thing that bodies hold."""

Pounds = Annotated[Decimal, Field(ge=0, max_digits=13, decimal_places=2), AfterValidator(_to_pence)]
WholeTime = Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2), AfterValidator(_to_pence)]
FewWholeTime = Annotated[Decimal, Field(ge=0, max_digits=5, decimal_places=2), AfterValidator(_to_pence)]
Number = Annotated[int, Field(ge=0, le=2_000_000_000), NUMBER_ONLY]
PriceYear = Annotated[str, AfterValidator(_price_year)]
ShortLine = Annotated[Line, StringConstraints(max_length=120)]
Clause = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True), Storable]


DESCRIBING = frozenset({"title", "basis", "source", "note"})
"""Fields of every record that only describe it."""


class Recorded(ContributedRecord):
    """A record of commissioning. `describing` are the fields that only describe it: loading the document again may set
    them anew."""

    describing: ClassVar[frozenset[str]] = DESCRIBING


class StatedThing(Recorded):
    """Something that bodies hold for a time."""

    code: ThingCode
    """Its code for ever, of up to 60 letters, digits and hyphens; used once, whatever the kind of thing. In an
    illustrative portfolio it begins with X-."""
    start: Day | None = None
    """The first day on which it is as stated; left out: the latest opening of the bodies it names."""
    end: Day | None = None
    """The first day on which it is no longer in force; left out: open."""


class StatedPremises(StatedThing):
    """A building that services work from, and who holds it."""

    describing = DESCRIBING | {"type", "built", "purpose_built", "lift"}

    title: Line
    type: PremisesKind
    organisation: Code
    """The body that holds it."""
    built: Annotated[int, Field(ge=1500, le=2200), NUMBER_ONLY] | None = None
    """The year in which it was built."""
    purpose_built: bool | None = None
    lift: bool = False
    """Whether it belongs to the Local Improvement Finance Trust programme."""


class StatedProvision(StatedThing):
    """A service of the catalogue as a body provides it for the population of a body."""

    describing = DESCRIBING | {"round_the_clock", "premises"}

    title: Line | None = None
    """Left out: the label of the service."""
    service: Slug
    provider: Code
    population_of: Code | None = None
    """For whose population; left out: the provider's."""
    wte: WholeTime | None = None
    """Staff as whole-time equivalent."""
    annual_value: Pounds | None = None
    """What it costs, in pounds a year."""
    contacts: Number | None = None
    """Contacts with patients a year."""
    round_the_clock: bool = False
    """Whether it works day and night, every day of the week."""
    price_year: PriceYear
    premises: list[ThingCode] = []
    """Codes of the premises it works from."""


class StatedMeasure(DocumentModel):
    """What a contract is to achieve and how that is told."""

    text: Clause
    target: Annotated[Phrase, StringConstraints(max_length=120)] = ""


class StatedContract(StatedThing):
    """A contract for services between a commissioner and a provider."""

    describing = DESCRIBING | {"sector", "services", "measures"}

    title: Line
    type: Slug
    """The type of contract: gms, pms, block and so on."""
    sector: Sector
    services: list[Slug] = []
    commissioner: Code
    provider: Code
    annual_value: Pounds
    """In pounds a year."""
    price_year: PriceYear
    measures: Annotated[list[StatedMeasure], Field(json_schema_extra={"sheet": "contract_measures"})] = []


class StatedBudget(StatedThing):
    """A stream of the unified allocation, and who holds it."""

    describing = DESCRIBING | {"set_by"}

    title: Line
    stream: Stream
    price_year: PriceYear
    set_by: SetBy
    organisation: Code
    """The body that holds it."""
    amount: Pounds
    """In pounds a year."""


class StatedContribution(DocumentModel):
    """What a partner puts into a pooled budget."""

    partner: Code
    amount: Pounds
    """In pounds a year."""
    hosts: bool = False
    """Whether the partner hosts the pool; one of them does."""


class StatedPool(StatedThing):
    """Money that NHS bodies and councils put together under the Health Act 1999."""

    describing = DESCRIBING | {"flexibility", "client_group", "purpose"}

    title: Line
    flexibility: Flexibility
    client_group: ShortLine
    """For whom it is meant."""
    price_year: PriceYear
    purpose: Prose = ""
    contributions: Annotated[list[StatedContribution], Field(min_length=1)]


class StatedStaffing(StatedThing):
    """Posts of a staff group, and who employs the staff."""

    title: Line
    staff_group: Slug
    service: Slug | None = None
    """The service they work for; left out: several."""
    organisation: Code
    """The body that employs them."""
    wte: WholeTime
    """Whole-time equivalent."""
    headcount: Number | None = None
    """People."""


class StatedSeparation(DocumentModel):
    """How far a provider arm is separated from a day on."""

    separation: Separation
    start: Day


class StatedMilestone(StatedProvenance):
    """A step on the way of an arm's separation."""

    title: Line
    due: Day
    reached: Day | None = None
    """The day on which it was reached; left out: not yet."""


class StatedArm(Recorded):
    """The part of a trust that provides services, and how far it is separated from the rest."""

    describing = DESCRIBING | {"approaches", "approaches_on", "milestones"}

    code: ThingCode
    """Its code for ever, like that of every thing."""
    title: Line
    organisation: Code
    """The trust it is part of."""
    approaches: list[Slug] = []
    """Stances and routes that the trust takes."""
    approaches_on: Day | None = None
    """The day of which the approaches are recorded; left out: not dated."""
    separations: Annotated[list[StatedSeparation], Field(min_length=1)]
    """In order of their dates; the arm begins with the first."""
    end: Day | None = None
    """The first day on which it is no longer in force; left out: open."""
    milestones: list[StatedMilestone] = []


class StatedGroup(StatedThing):
    """Services of a provider arm that belong together. The arm's trust holds it."""

    describing = DESCRIBING | {"services", "coherence", "chosen_form", "chosen_on"}

    title: Line
    arm: ThingCode
    services: Annotated[list[Slug], Field(min_length=1)]
    coherence: Prose = ""
    """Why they belong together."""
    chosen_form: Slug | None = None
    """The form chosen for them, where one is."""
    chosen_on: Day | None = None
    """The day on which it was chosen."""


class StatedPilot(Recorded):
    """What is particular to a personal medical services pilot, a body of the form pms-pilot."""

    describing = DESCRIBING | {"wave", "variant", "salaried_gps", "nurses", "practices", "at_end"}

    organisation: Code
    """The pilot itself."""
    contract: ThingCode
    """Its local contract, of type pms."""
    wave: Annotated[int, Field(ge=1, le=30), NUMBER_ONLY]
    variant: PilotVariant
    provider: Code | None = None
    """Who runs it, where that is not a practice of its own."""
    salaried_gps: FewWholeTime | None = None
    """Salaried general practitioners, whole-time equivalent."""
    nurses: FewWholeTime | None = None
    """Whole-time equivalent."""
    practices: list[Code] = []
    """Practices that take part."""
    term_ends: Day
    """The first day after its term; its contract ends then."""
    at_end: PilotEnd = PilotEnd.UNDECIDED
    """What happens when the term ends."""


class RecordedAnswer(Recorded):
    """How a trust answers a recommendation of the report on a day. The latest answer stands."""

    describing = DESCRIBING | {"evidence", "by"}

    organisation: Code
    recommendation: Slug
    state: AnswerState
    evidence: Prose = ""
    answered_on: Day
    by: Annotated[Phrase, StringConstraints(max_length=150)] = ""
    """Who gave the answer."""
