"""Assessments, what they rest on and what they come to."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, NotRequired, TypedDict

from evaluation.method.scale import Polarity
from evaluation.method.vocabulary import AssessmentScope, AssessmentStatus, MitigationKind, OptionKind, TransformKind
from evaluation.read_models.following import ChoiceDocument
from organisations.read_models.references import CitationOfRecord
from pcorg.core.read_models import (
    BLANK,
    SUPPLIED,
    Address,
    Digits,
    Source,
    component,
)

FOR_ANONYMOUS = "People are named to those who are signed in; others read a role, or a number that tells them apart"


class FrameworkDocument(TypedDict):
    """A set of criteria to judge options by."""

    slug: str
    label: str
    summary: str
    criteria: Annotated[list[str], "Slugs of its criteria, in order", SUPPLIED]
    citation: Annotated[CitationOfRecord, Source("*")]
    url: NotRequired[Annotated[str, Address("api:framework-detail", "slug")]]


class CriterionDocument(TypedDict):
    """What an option is asked."""

    slug: str
    framework: Annotated[str, Source("framework_id")]
    label: str
    text: str
    position: int
    citation: Annotated[CitationOfRecord, Source("*")]
    url: NotRequired[Annotated[str, Address("api:criterion-detail", "slug")]]


class IntegrationOptionDocument(TypedDict):
    """A way of integrating community services with others, or of leaving them apart."""

    slug: str
    label: str
    summary: str
    thin: Annotated[bool, "The evidence is thinner than for the others"]
    citation: Annotated[CitationOfRecord, Source("*")]
    url: NotRequired[Annotated[str, Address("api:integration-option-detail", "slug")]]


class EvidenceDocument(TypedDict):
    """A statement of evidence on an option and a criterion."""

    id: int
    criterion: Annotated[str, Source("criterion_id")]
    option: Annotated[str, Source("option_id")]
    polarity: Annotated[str, Polarity]
    qualified: Annotated[bool, "The source qualifies it: varies, may, is improving"]
    ambiguous: Annotated[bool, "The source leaves open to which option it belongs"]
    text: str
    source: Annotated[str, "Slug of the source and the place in it", Source("cited")]
    note: str


class MitigationDocument(TypedDict):
    """What commissioners can do about weakness on a criterion, or what limits that. The transform is our coding."""

    slug: str
    criterion: Annotated[str, Source("criterion_id")]
    kind: Annotated[str, MitigationKind]
    text: str
    transform: Annotated[str, TransformKind, BLANK]
    amount: Annotated[Decimal | None, Digits(4, 2)]
    citation: Annotated[CitationOfRecord, Source("*")]
    url: NotRequired[Annotated[str, Address("api:mitigation-detail", "slug")]]


class ScopeDocument(TypedDict):
    """What an assessment is about."""

    kind: Annotated[str, Source("scope"), AssessmentScope]
    service_group: Annotated[str | None, Source("service_group_id")]
    service: Annotated[str | None, Source("service_id")]


class AssessmentItem(TypedDict):
    """An assessment in a list."""

    id: int
    title: str
    reference: Annotated[bool, "Shipped with the product"]
    illustrative: bool
    framework: Annotated[str, Source("framework_id")]
    subject: Annotated[str | None, Source("subject_id")]
    as_of: date | None
    scope: Annotated[ScopeDocument, Source("*")]
    options: Annotated[list[str], "Keys of the options, in order", SUPPLIED]
    status: Annotated[str, AssessmentStatus]
    change: Annotated[int | None, Source("change_id")]
    owner: Annotated[str, f"Whose it is; empty where it ships with the product. {FOR_ANONYMOUS}", SUPPLIED]
    created_by: Annotated[str, FOR_ANONYMOUS, SUPPLIED]
    url: NotRequired[Annotated[str, Address("api:assessment-detail", "id")]]


class StatedScopeDocument(TypedDict):
    """What an assessment is about."""

    kind: Annotated[str, AssessmentScope]
    service_group: str | None
    service: str | None


class OptionDocument(TypedDict):
    """An option of an assessment."""

    key: str
    kind: Annotated[str, OptionKind]
    label: str
    passes_gate: bool
    gate_reason: str
    set_aside: Annotated[bool, "Taken out of the results after it was judged"]
    set_aside_reason: str


class PlannedMitigationDocument(TypedDict):
    """What would be done about a weakness; `position` names it in `?mitigations=`."""

    position: int
    criterion: str
    text: str
    transform: Annotated[str, TransformKind]
    amount: str
    options: Annotated[list[str], "Keys; empty for all options"]
    delivery: Annotated[str, "Chance, 0 to 1, that it is delivered"]
    owner: str


@component("PanelMember")
class MemberOfPanel(TypedDict):
    """Somebody on the panel, or its consensus."""

    name: Annotated[str, FOR_ANONYMOUS]
    consensus: bool
    invited: Annotated[bool, "May judge while the assessment is open"]
    weights: Annotated[dict[str, Any] | None, "What they said of the weights; null: nothing"]


class AssessmentStepDocument(TypedDict):
    """A step in an assessment's life."""

    status: Annotated[str, AssessmentStatus]
    by: str
    at: datetime
    comment: str


class AssessmentDetail(TypedDict):
    """An assessment in full."""

    id: int
    title: str
    reference: bool
    illustrative: bool
    framework: str
    subject: str | None
    as_of: date | None
    scope: StatedScopeDocument
    purpose: str
    status: Annotated[str, AssessmentStatus]
    options: list[OptionDocument]
    weights: Annotated[
        dict[str, Any] | None,
        "What is said of the weights: mode, and points, places or bounds; null where they cannot be read (`problem`)",
    ]
    mitigations: list[PlannedMitigationDocument]
    panel: list[MemberOfPanel]
    change: int | None
    choice: ChoiceDocument | None
    copied_from: int | None
    seed: Annotated[int, "Settles every drawn figure"]
    owner: Annotated[str, f"Whose it is; empty where it ships with the product. {FOR_ANONYMOUS}"]
    collaborators: Annotated[list[str], f"Whom the owner named to work on it. {FOR_ANONYMOUS}"]
    created_by: Annotated[str, FOR_ANONYMOUS]
    created_at: datetime
    history: list[AssessmentStepDocument]
    allowed_actions: list[str]
    version: int
    problem: Annotated[str | None, "`unreadable-weights` where what is kept of the weights cannot be read; else null"]
    url: NotRequired[Annotated[str, Address("api:assessment-detail", "id")]]


class JudgementDocument(TypedDict):
    """An assessor's judgement of an option on a criterion, in levels from 1 to 5."""

    assessor: str
    consensus: bool
    option: str
    criterion: str
    low: int
    high: int
    varies: bool
    no_evidence: bool
    not_applicable: bool
    rationale: str
    evidence: Annotated[list[int], "Numbers of statements of evidence"]
    set_aside: Annotated[bool, "Of an option that was set aside: in no result"]
    at: datetime


class Judgements(TypedDict):
    """All judgements of an assessment."""

    results: list[JudgementDocument]


@component("AssessmentComment")
class CommentOnAssessment(TypedDict):
    """Something said of an assessment."""

    by: Annotated[str, FOR_ANONYMOUS, Source("name")]
    at: datetime
    text: str


class AssessmentComments(TypedDict):
    """What was said of an assessment, in order."""

    results: list[CommentOnAssessment]


class OptionResult(TypedDict):
    """What an appraisal comes to for one option. Values go from 0 to 100, shares from 0 to 1."""

    option: str
    label: str
    value: Annotated[float, "Additive value in the middle of what is open"]
    low: Annotated[float, "Lowest value possible under admitted weights"]
    high: Annotated[float, "Highest value possible under admitted weights"]
    rank: Annotated[int, "By value"]
    expected_value: Annotated[float, "Mean of the draws"]
    from_5_to_95_per_cent: list[float]
    contributions: Annotated[dict[str, float], "Of each criterion to the value"]
    rank_acceptability: Annotated[list[float], "Share of draws, by rank"]
    standard_error: Annotated[list[float], "Of each of these shares"]
    holistic_acceptability: float
    expected_rank: float
    entropy: Annotated[float, "In bits: nothing where the rank is always the same"]
    central_weights: Annotated[dict[str, float] | None, "Mean weights when first; null where it never is"]
    low_precision: Annotated[bool, "Central weights rest on fewer than 500 draws"]
    confidence: Annotated[float | None, "Share of judgements under which it is first then"]
    nearest_weights: Annotated[dict[str, float] | None, "Admitted weights nearest to those given with it first"]


class ResultsDocument(TypedDict):
    """The results of an assessment. With the same seed and input they are the same to the last digit."""

    options: list[OptionResult]
    criteria: list[dict[str, Any]]
    weights: dict[str, float]
    pairwise: Annotated[dict[str, Any], "Share of draws in which one option is strictly better than another"]
    dominated: list[dict[str, Any]]
    never_first: list[str]
    agreement: dict[str, Any]
    missing: Annotated[list[dict[str, Any]], "Cells that nobody has judged"]
    gaps: Annotated[dict[str, Any], "Cells that members of the panel left out, by name"]
    silent: Annotated[list[str], "Those invited who have judged nothing"]
    mitigations: Annotated[list[int], "Positions of those in effect"]
    draws: int
    seed: int
    engine: str
    input: Annotated[str, "Hash of everything the figures rest on"]
    statement: Annotated[str, "The answer in words"]
    findings: Annotated[list[dict[str, Any]], "The same, structured"]
    convention: Annotated[dict[str, Any], "What is a convention of ours"]


class SensitivityDocument(TypedDict):
    """What would change the answer of an assessment."""

    sweeps: list[dict[str, Any]]
    switching: list[dict[str, Any]]
    judgements: list[dict[str, Any]]
    without_criterion: list[dict[str, Any]]
    without_assessor: list[dict[str, Any]]
    in_effect: Annotated[list[int], "Mitigations under all the rest"]
    unmitigated: Annotated[dict[str, Any], "Values, ranks and first ranks with no mitigation"]
    mitigations: Annotated[list[dict[str, Any]], "The same with each, and with all"]
    ordinal: dict[str, Any]
    draws: int
    seed: int
    engine: str
