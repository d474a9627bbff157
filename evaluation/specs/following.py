"""The schema of what is followed over time: integration profiles, measures of a chosen model, dispersals."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from evaluation.method.vocabulary import IntegrationAxis, Stage
from organisations.specs.document import Code, Day, DocumentModel, Line, Phrase, Prose

Value = Annotated[Decimal, Field(ge=-(10**9), le=10**9, max_digits=16, decimal_places=4)]
Number = Annotated[int, Field(ge=1, lt=2**31)]


class StatedProfilePoint(DocumentModel):
    """How integrated a body is on one axis on a day, 0 to 5, and what shows it."""

    organisation: Code
    axis: IntegrationAxis
    on: Day
    level: Annotated[int, Field(ge=0, le=5)]
    evidence: Prose = ""
    consensus: bool = False


class StatedOptionChosen(DocumentModel):
    """The option chosen, by its key, the day it was, and why."""

    option: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    on: Day
    reason: Annotated[Prose, Field(min_length=1)]


class StatedMeasure(DocumentModel):
    """A measure by which a chosen model is evaluated: `target` is the value aimed at, `source` where readings are
    taken from."""

    title: Line
    unit: Annotated[Phrase, Field(min_length=1, max_length=60)]
    higher_is_better: bool = True
    target: Value | None = None
    source: Phrase = ""


class StatedReading(DocumentModel):
    """What a measure, by its number, came to on a day. With `corrects` it takes the place of the reading of that day,
    and the note says why."""

    measure: Number
    stage: Stage
    on: Day
    value: Value
    note: Prose = ""
    corrects: bool = False


class StatedPart(DocumentModel):
    """A group in a dispersal: its assessment, and an option chosen in spite of the ranking, with the reason."""

    assessment: Number
    override: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")] | None = None
    reason: Prose = ""


class StatedDispersal(DocumentModel):
    """Which form for which group of a trust's services: its assessments, one for each group."""

    title: Line
    organisation: Code
    as_of: Day
    parts: Annotated[list[StatedPart], Field(min_length=1, max_length=40)]
