"""How a page cites where a statement comes from."""

from __future__ import annotations

from dataclasses import dataclass

from organisations.models import Source
from organisations.models.sourced import Cited

# A title of more letters is not for the cell of a table.
LONG = 60


@dataclass(frozen=True)
class Citation:
    """A source by its title and the place in it; `href` leads to its entry on the page about the data. `short` names
    it in a cell of a table: a paper by author and year."""

    title: str
    locator: str
    href: str
    short: str = ""


def cited(record: Cited, *, about: str) -> Citation | None:
    """The citation of a record whose source is loaded; None where it has none. `about`: that page's address."""
    return citation(record.source, record.locator, about=about) if record.source else None


def citation(source: Source, locator: str, *, about: str) -> Citation:
    """A citation of a place in a source."""
    year = f" ({source.year})" if source.year and str(source.year) not in source.title else ""
    title = f"{source.title}{year}"
    by_author = source.author and source.year and len(title) > LONG
    return Citation(
        title=title,
        short=f"{source.author} {source.year}" if by_author else title,
        locator=locator,
        href=f"{about}#source-{source.slug}",
    )
