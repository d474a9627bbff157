"""Options side by side: what the evidence says of ways to integrate, and the forms of provider arms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commissioning.domain.vocabulary import Answer, PointKind
from commissioning.models import ArmOption, ArmOptionPoint
from evaluation.method.scale import Polarity, Said, coded
from evaluation.models import Criterion, Evidence, IntegrationOption
from evaluation.web.presenters.levels import Shade, shade
from organisations.domain.vocabulary import Family
from organisations.web.presenters.references import Citation, cited
from pcorg.core.pages.scope import Scope

ATTRIBUTES = {
    "separate_entity": "Separate legal entity",
    "charity": "Can be a charity",
    "pensions": "NHS pensions",
    "asset_lock": "Asset lock",
    "monopoly": "Risk of monopoly",
    "profit": "May make a profit",
    "staff_ownership": "Staff may own or be members",
    "untested": "Largely untested",
    "accountability_framework": "Needs an accountability framework",
}
"""Legal attributes of a provider-arm form, in the order of the table."""

SIGNS = {
    Polarity.STRENGTH: ("+", "Strength"),
    Polarity.WEAKNESS: ("−", "Weakness"),
    Polarity.CONTINGENT: ("?", "Depends on circumstances"),
    Polarity.NEUTRAL: ("○", "No particular effect"),
}


@dataclass(frozen=True)
class Statement:
    """A statement of evidence: its sign, what the sign means, the words, what is to be said about them, the source."""

    sign: str
    meaning: str
    text: str
    remark: str
    citation: Citation | None


@dataclass(frozen=True)
class JudgementCell:
    """What is said of an option on a criterion, and the levels it comes to by the published rule."""

    criterion: str
    statements: tuple[Statement, ...]
    shade: Shade


@dataclass(frozen=True)
class OptionRow:
    """An integration option with its cells in the order of the criteria."""

    slug: str
    label: str
    summary: str
    thin: bool
    cells: tuple[JudgementCell, ...]


def evidence_rows(
    options: Iterable[IntegrationOption], criteria: list[Criterion], evidence: Iterable[Evidence], scope: Scope
) -> list[OptionRow]:
    """Every integration option with what the evidence says of it, criterion by criterion."""
    evidence_by_cell: Mapping[tuple[str, str], list[Evidence]] = defaultdict(list)
    for each in evidence:
        evidence_by_cell[each.option_id, each.criterion_id].append(each)
    return [
        OptionRow(
            option.slug,
            option.label,
            option.summary,
            option.thin,
            tuple(_cell(criterion, evidence_by_cell[option.slug, criterion.slug], scope) for criterion in criteria),
        )
        for option in options
    ]


def _cell(criterion: Criterion, evidence_by_cell: list[Evidence], scope: Scope) -> JudgementCell:
    if not evidence_by_cell:
        return JudgementCell(criterion.label, (), shade(1, 5))
    levels = coded(Said(Polarity(each.polarity), each.qualified) for each in evidence_by_cell)
    return JudgementCell(
        criterion.label, tuple(statement(each, scope) for each in evidence_by_cell), shade(levels.low, levels.high)
    )


def statement(each: Evidence, scope: Scope) -> Statement:
    """One statement as pages show it."""
    sign, meaning = SIGNS[Polarity(each.polarity)]
    remarks = [
        "Qualified by the source." if each.qualified else "",
        "The source leaves open to which option this belongs." if each.ambiguous else "",
    ]
    remark = " ".join(each for each in remarks if each)
    return Statement(sign, meaning, each.text, remark, cited(each, about=scope.link("about-the-data")))


@dataclass(frozen=True)
class ArmForm:
    """A provider-arm form: its answers in the order of ATTRIBUTES, its benefits and risks."""

    slug: str
    label: str
    family: str
    href: str
    answers: tuple[tuple[str, str], ...]
    regulator: str
    benefits: tuple[tuple[str, bool], ...]
    risks: tuple[tuple[str, bool], ...]


def arm_forms(options: Iterable[ArmOption], scope: Scope) -> list[ArmForm]:
    """Provider-arm forms with what the source says of each."""
    return [
        ArmForm(
            slug=option.form_id,
            label=option.form.label,
            family=Family.stored(option.form.family).label,
            href=scope.link("form", option.form_id),
            answers=tuple((value, Answer(value).label) for value in (getattr(option, name) for name in ATTRIBUTES)),
            regulator=option.regulator,
            benefits=_points(option, PointKind.BENEFIT),
            risks=_points(option, PointKind.RISK),
        )
        for option in options
    ]


def _points(option: ArmOption, kind: PointKind) -> tuple[tuple[str, bool], ...]:
    points: Iterable[ArmOptionPoint] = option.points.all()
    return tuple((point.text, point.ambiguous) for point in points if point.kind == kind)
