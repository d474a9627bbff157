"""The schema of assessments, judgements, weights and mitigations as people state them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, FiniteFloat, model_validator

from evaluation.method.vocabulary import AssessmentScope, TransformKind, Weighing
from organisations.specs.document import Code, Day, DocumentModel, Line, Prose, Slug

OptionKey = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
"""Slug of an integration option or provider-arm form, `change-12` for a proposed change, or `present-arrangement`."""

Person = Annotated[Line, Field(max_length=150)]
"""A user name, or whoever answers for something."""

MOST_OPTIONS = 40
Level = Annotated[int, Field(ge=-(2**31), lt=2**31, json_schema_extra={"minimum": 1, "maximum": 5})]
MOST_POINTS = 1_000_000
Points = Annotated[FiniteFloat, Field(json_schema_extra={"minimum": 0, "maximum": MOST_POINTS})]
"""What is out of range is told by those who look at the whole, together with whatever else is wrong."""
Share = Annotated[FiniteFloat, Field(ge=0, le=1)]


class StatedRatio(DocumentModel):
    """The weight of one criterion is at least so many times another's."""

    more: Slug
    less: Slug
    times: Annotated[FiniteFloat, Field(ge=0, le=1_000)]


class StatedBounds(DocumentModel):
    """The lowest and highest weight of a criterion, as fractions of one."""

    low: Share = 0.0
    high: Share = 1.0


class StatedWeights(DocumentModel):
    """What is said of the weights. `points` go with swing (the largest swing 100), `places` with a ranking (1 the
    largest), `bounds` and `ratios` with bounds; each by criterion."""

    mode: Weighing = Weighing.NONE
    points: dict[Slug, Points] = {}
    places: dict[Slug, Annotated[int, Field(ge=1, le=100)]] = {}
    bounds: dict[Slug, StatedBounds] = {}
    ratios: Annotated[list[StatedRatio], Field(max_length=100)] = []


def _by_mode(given: Any) -> Any:
    """Weights by criterion alone are the points of swing weights."""
    if isinstance(given, dict) and given and all(isinstance(each, int | float) for each in given.values()):
        return {"mode": Weighing.SWING, "points": given}
    return given


GivenWeights = Annotated[
    StatedWeights, BeforeValidator(_by_mode, json_schema_input_type=StatedWeights | dict[Slug, Points])
]
"""Weights in full, or `{criterion: points}`."""


class StatedScope(DocumentModel):
    """What an assessment is about: all services, a group, or one service."""

    kind: AssessmentScope = AssessmentScope.ALL
    service_group: Slug | None = None
    service: Slug | None = None


class StatedOption(DocumentModel):
    """An option with what an assessment says of it: its own label, whether it meets the critical success factors, and
    whether it is set aside: taken out of the results with its judgements, which are kept."""

    key: OptionKey
    label: Line | None = None
    passes_gate: bool = True
    gate_reason: Prose = ""
    set_aside: bool = False
    set_aside_reason: Prose = ""


def _in_full(given: Any) -> Any:
    return {"key": given} if isinstance(given, str) else given


GivenOptions = Annotated[
    list[Annotated[StatedOption, BeforeValidator(_in_full, json_schema_input_type=OptionKey | StatedOption)]],
    Field(min_length=1, max_length=MOST_OPTIONS),
]
"""Options in full, or by their keys."""


class StatedMitigation(DocumentModel):
    """What would be done about a weakness on a criterion, for some options or all (left empty)."""

    criterion: Slug
    text: Line
    transform: TransformKind
    amount: Annotated[Decimal, Field(ge=0, le=5, max_digits=4, decimal_places=2)]
    options: list[OptionKey] = []
    delivery: Annotated[Decimal, Field(ge=0, le=1, max_digits=3, decimal_places=2)] = Decimal(1)
    owner: Person | None = None


class StatedAssessment(DocumentModel):
    """An assessment: what is appraised, on which day, by which framework, which options, how they are weighed."""

    title: Line
    subject: Code | None = None
    as_of: Day | None = None
    scope: StatedScope = StatedScope()
    framework: Slug = "five-criteria"
    purpose: Prose = ""
    options: GivenOptions
    weights: GivenWeights = StatedWeights()
    mitigations: Annotated[list[StatedMitigation], Field(max_length=50)] = []
    panel: Annotated[list[Person], Field(max_length=50)] = []
    change: int | None = None


class StatedRevision(DocumentModel):
    """What is altered of an assessment that is a draft or open; what is left out stays. Null takes the change away that
    it is attached to."""

    title: Line | None = None
    purpose: Prose | None = None
    as_of: Day | None = None
    options: GivenOptions | None = None
    weights: GivenWeights | None = None
    mitigations: Annotated[list[StatedMitigation], Field(max_length=50)] | None = None
    panel: Annotated[list[Person], Field(max_length=50)] | None = None
    change: int | None = None


class StatedJudgement(DocumentModel):
    """An assessor's judgement of an option on a criterion. Without evidence, or where it does not apply, levels are
    left out. `assessor` need not be said: judgements are those of whoever sends them, or of the panel together."""

    assessor: Person | None = None
    option: OptionKey
    criterion: Slug
    low: Level | None = None
    high: Level | None = None
    varies: bool = False
    no_evidence: bool = False
    not_applicable: bool = False
    rationale: Prose = ""
    evidence: Annotated[list[int], Field(max_length=50)] = []


class StatedJudgements(DocumentModel):
    """All judgements of one assessor, or the consensus of the panel: they take the place of those there were. A list
    stands for judgements alone."""

    consensus: bool = False
    weights: GivenWeights | None = None
    judgements: Annotated[list[StatedJudgement], Field(max_length=1_000)]

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, given: Any) -> Any:
        return {"judgements": given} if isinstance(given, list) else given


class StatedStep(DocumentModel):
    """A step with an assessment, with a comment. Opening it again takes one, with the reason."""

    comment: Prose = ""


class StatedCopy(DocumentModel):
    """A copy of an assessment: its title; with judgements or without."""

    title: Line | None = None
    judgements: bool = False


class StatedTrial(DocumentModel):
    """Results tried out: other weights, mitigations in effect by their positions, draws and seed."""

    weights: GivenWeights | None = None
    mitigations: Annotated[list[Annotated[int, Field(ge=0, le=999)]], Field(max_length=50)] = []
    draws: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
