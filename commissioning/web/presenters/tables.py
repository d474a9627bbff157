"""Tables of things that bodies hold, as `components/records` draws them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pcorg.core.pages.jinja2 import number, pounds


@dataclass(frozen=True)
class CellLink:
    """Words that may lead somewhere, with the code of what they name; `heard` are words more for those who do not see
    where the link stands."""

    text: str
    href: str = ""
    code: str = ""
    heard: str = ""


@dataclass(frozen=True)
class TableCell:
    """What stands in a cell: links or plain words, a quiet word below, a tag's colour. No text at all is not known."""

    text: str = ""
    links: tuple[CellLink, ...] = ()
    quiet: str = ""
    tag: str = ""
    known: bool = True


@dataclass(frozen=True)
class TableColumn:
    """A column by its heading; a `narrow` one holds words that stay on one line, such as days. `href` leads to the
    list sorted by it, `sort` is the value of aria-sort."""

    text: str
    numeric: bool = False
    narrow: bool = False
    href: str = ""
    sort: str = ""


@dataclass(frozen=True)
class Table:
    """A table with its caption. The first cell of each row names the record; `foot` holds totals."""

    id: str
    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    foot: tuple[TableCell, ...] = ()


UNKNOWN = TableCell(known=False)
NOTHING = TableCell()


def link(text: str, href: str = "", code: str = "", quiet: str = "") -> TableCell:
    """A cell with one link."""
    return TableCell(links=(CellLink(text, href, code),), quiet=quiet)


def links(pairs: Iterable[tuple[str, str]]) -> TableCell:
    """A cell with several links, from pairs of words and address."""
    return TableCell(links=tuple(CellLink(text, href) for text, href in pairs))


def money(value: Decimal | None, quiet: str = "") -> TableCell:
    """Pounds, exactly."""
    return UNKNOWN if value is None else TableCell(pounds(value), quiet=quiet)


def column_of_money(values: Sequence[Decimal | None]) -> list[TableCell]:
    """Pounds under each other, exactly: all with pence where one has some, so that they line up."""
    pence = any(value is not None and value != value.to_integral_value() for value in values)
    return [UNKNOWN if value is None else TableCell(pounds(value, pence=pence)) for value in values]


def staff(value: Decimal | None, quiet: str = "") -> TableCell:
    """Whole-time equivalent, to hundredths, so that figures under each other line up."""
    return UNKNOWN if value is None else TableCell(f"{value:,.2f}", quiet=quiet)


def whole(value: int | None) -> TableCell:
    """A whole number."""
    return UNKNOWN if value is None else TableCell(number(value))


@dataclass(frozen=True)
class Sum:
    """A total of what is known, and of how many it is not."""

    total: Decimal
    known: int
    unknown: int

    @property
    def caution(self) -> str:
        """What to know of the total; nothing where every part of it is known."""
        return f"{self.unknown} not known and left out" if self.unknown else ""


def added(values: Iterable[Decimal | int | None]) -> Sum:
    """The sum of what is known."""
    listed = list(values)
    recorded = [Decimal(value) for value in listed if value is not None]
    return Sum(sum(recorded, Decimal(0)), len(recorded), len(listed) - len(recorded))


def sum_of_money(values: Sequence[Decimal | None]) -> TableCell:
    """The total of a column of money."""
    found = added(values)
    return money(found.total, found.caution) if found.known else UNKNOWN


def sum_of_staff(values: Sequence[Decimal | None]) -> TableCell:
    """The total of a column of staff."""
    found = added(values)
    return staff(found.total, found.caution) if found.known else UNKNOWN


def sum_of_whole(values: Sequence[int | None]) -> TableCell:
    """The total of a column of whole numbers."""
    found = added(values)
    return TableCell(number(found.total), quiet=found.caution) if found.known else UNKNOWN
