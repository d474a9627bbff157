"""The forms that a provider arm may take, side by side: legal attributes, benefits and risks (Table C1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commissioning.domain.vocabulary import Answer
from commissioning.models.reference import LEGAL_ATTRIBUTES
from commissioning.selectors.arm_plans import FormOption, FormPoint
from organisations.models import Source
from organisations.web.presenters.references import Citation, citation
from pcorg.core.pages.scope import Scope


@dataclass(frozen=True)
class FormColumn:
    """One form: a column of the table."""

    slug: str
    label: str
    href: str
    body: bool
    answers: list[tuple[str, bool]]
    regulator: str
    benefits: tuple[FormPoint, ...]
    risks: tuple[FormPoint, ...]
    citation: Citation | None


@dataclass(frozen=True)
class Ticked:
    """A form that can be shown or left out."""

    slug: str
    label: str
    ticked: bool


def sides(
    options: Mapping[str, FormOption], shown: Iterable[str], sources: Mapping[str, Source], scope: Scope
) -> list[FormColumn]:
    """The forms chosen to be seen, in the order of the table; all where none is chosen."""
    selected = set(shown)
    return [_side(slug, option, sources, scope) for slug, option in options.items() if not selected or slug in selected]


def ticks(options: Mapping[str, FormOption], shown: Iterable[str]) -> list[Ticked]:
    """Every form with whether it is chosen to be seen."""
    selected = set(shown)
    return [Ticked(slug, option.form.label, slug in selected) for slug, option in options.items()]


def _side(slug: str, option: FormOption, sources: Mapping[str, Source], scope: Scope) -> FormColumn:
    attributes = option.attributes
    answers = [Answer(getattr(attributes, name)) for name in LEGAL_ATTRIBUTES]
    source = sources.get(attributes.source_id or "")
    return FormColumn(
        slug=slug,
        label=option.form.label,
        href=scope.link("form", slug),
        body=option.form.nature == "body",
        answers=[(answer.label, answer is not Answer.UNKNOWN) for answer in answers],
        regulator=attributes.regulator,
        benefits=option.benefits,
        risks=option.risks,
        citation=citation(source, attributes.locator, about=scope.link("about-the-data")) if source else None,
    )
