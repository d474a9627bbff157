"""The glossary and the page about the data, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import slugify

from organisations.domain.vocabulary import Basis, PopulationBasis, ShareBasis
from organisations.models import GlossaryTerm, Source
from organisations.web.presenters.references import Citation, cited
from pcorg.core.names import fold
from pcorg.core.pages.scope import Scope
from pcorg.core.portfolios import Portfolio


@dataclass(frozen=True)
class TermEntry:
    """A glossary entry; `forms` are pairs of label and address."""

    anchor: str
    term: str
    abbreviation: str
    meaning: str
    forms: list[tuple[str, str]]
    citation: Citation | None


@dataclass(frozen=True)
class PortfolioEntry:
    """A portfolio: what it covers, how much it holds and what is not known."""

    title: str
    slug: str
    href: str
    illustrative: bool
    portfolio: Portfolio
    organisations: int
    changes: int
    api: str


@dataclass(frozen=True)
class SourceEntry:
    """A source, with whom it is by."""

    anchor: str
    title: str
    by: str
    licence: str
    note: str


def anchor(term: str) -> str:
    """Where a term stands on the glossary page."""
    return f"term-{slugify(term)}"


def glossary(terms: Iterable[GlossaryTerm], scope: Scope) -> list[tuple[str, list[TermEntry]]]:
    """Terms under their first letters; their forms and sources are loaded."""
    letters: dict[str, list[TermEntry]] = {}
    for term in sorted(terms, key=lambda term: fold(term.term)):
        letters.setdefault(term.term[0].upper(), []).append(
            TermEntry(
                anchor=anchor(term.term),
                term=term.term,
                abbreviation=term.abbreviation,
                meaning=term.meaning,
                forms=[(form.label, scope.link("form", form.slug)) for form in term.see.all()],
                citation=cited(term, about=scope.link("about-the-data")),
            )
        )
    return list(letters.items())


def portfolio_entry(portfolio: Portfolio, *, organisations: int, changes: int, scope: Scope) -> PortfolioEntry:
    """A portfolio with the numbers of its records."""
    home = scope.link("organisations", portfolio=portfolio.slug, as_of=portfolio.covers_to.isoformat())
    return PortfolioEntry(
        title=portfolio.title,
        slug=portfolio.slug,
        href=home,
        illustrative=portfolio.illustrative,
        portfolio=portfolio,
        organisations=organisations,
        changes=changes,
        api=f"/api/v1/organisations/?portfolio={portfolio.slug}",
    )


def source_entry(source: Source) -> SourceEntry:
    """A source as a row."""
    makers = [maker for maker in (source.author, source.publisher) if maker]
    if source.author and source.author in source.publisher:
        makers = [source.publisher]
    by = ", ".join(dict.fromkeys(makers))
    return SourceEntry(
        anchor=f"source-{source.slug}",
        title=source.title,
        by=f"{by}, {source.year}" if source.year else by,
        licence=source.licence,
        note=source.note,
    )


# What the words for "how it is known" mean, beside the labels of the vocabulary.
BASES = [
    (Basis.REGISTER.label, "An official list of organisations states it."),
    (Basis.SOURCE.label, "A paper, law or policy document states it."),
    (Basis.INFERRED.label, "It follows from what registers and documents say, but none of them says it."),
    (Basis.ESTIMATE.label, "A figure worked out from others. It is of the right order and not a count."),
    (Basis.GENERAL_KNOWLEDGE.label, "Widely published, but stated by none of the sources listed here."),
    (Basis.ILLUSTRATIVE.label, "Invented for learning and demonstration."),
]

COUNTED = [
    (PopulationBasis.REGISTERED.label, "People on the lists of general practices."),
    (PopulationBasis.RESIDENT.label, "People who live in the area, on any practice's list or on none."),
    (PopulationBasis.ESTIMATE.label, "Worked out from other figures."),
    (
        PopulationBasis.COMPUTED.label,
        "Added up or divided by a change from earlier counts, which are named with it. Its date is that of the oldest.",
    ),
]

SHARED = [
    (ShareBasis.POPULATION.label, "By how many people each successor took over."),
    (
        ShareBasis.POSTCODES.label,
        "By postcodes, a stand-in for people: each counts the same, however many live there.",
    ),
    (ShareBasis.NAMED_ITEMS.label, "By what is named, such as practices or wards."),
    (ShareBasis.ESTIMATE.label, "Worked out from other figures."),
]
