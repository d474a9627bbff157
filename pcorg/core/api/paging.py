"""Pages by key: the next page begins after the last record seen, however many came before it.

Orderings come from a whitelist. Nulls stand last in either direction, the list's key breaks ties, and text is
compared so that both databases agree (`pcorg.core.names`). A cursor is opaque and signed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db.models import F, Q, QuerySet

from pcorg.core.api.parameters import Parameter, listed_words
from pcorg.core.names import alphabetical, bytewise

SALT = "pcorg.core.api.cursor"
MOST_KEYS = 4


@dataclass(frozen=True, slots=True)
class Order:
    """A field a list can be ordered by: its public name and the column it stands for. `text` are codes and words of a
    vocabulary, in the order of their bytes; `words` are names and titles, of which capitals and accents make no
    difference."""

    name: str
    column: str
    text: bool = False
    words: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an ordering in a direction."""

    order: Order
    descending: bool = False

    @property
    def alias(self) -> str:
        """The name of its column in the query."""
        return f"key_{self.order.name}"

    @property
    def as_text(self) -> str:
        """How it is written in `ordering`."""
        return f"-{self.order.name}" if self.descending else self.order.name

    def expression(self) -> Any:
        """Its column, in one order on both databases."""
        if self.order.words:
            return alphabetical(self.order.column)
        return bytewise(self.order.column) if self.order.text else F(self.order.column)

    def ordering(self, *, forwards: bool) -> Any:
        """How the query orders by it, from the first record or from the last."""
        descending = self.descending is forwards
        column = F(self.alias)
        if not self.order.nullable:
            return column.desc() if descending else column.asc()
        last = {"nulls_last": True} if forwards else {"nulls_first": True}
        return column.desc(**last) if descending else column.asc(**last)

    def beyond(self, value: Any, *, forwards: bool) -> Q | None:
        """The condition of lying further on than a value; None where nothing does."""
        if value is None:
            return None if forwards else Q(**{f"{self.alias}__isnull": False})
        further = Q(**{f"{self.alias}__{'lt' if self.descending is forwards else 'gt'}": value})
        if forwards and self.order.nullable:
            return further | Q(**{f"{self.alias}__isnull": True})
        return further

    def same(self, value: Any) -> Q:
        """The condition of having a value."""
        return Q(**{f"{self.alias}__isnull": True}) if value is None else Q(**{self.alias: value})


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: the keys of a record, and whether to read on from it or back."""

    forwards: bool
    values: tuple[Any, ...]
    ordering: str

    def text(self) -> str:
        """The cursor as it stands in an address."""
        content = {"f": self.forwards, "o": self.ordering, "v": [_plain(value) for value in self.values]}
        return signing.Signer(salt=SALT).sign_object(content)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int | str):
        return value
    return str(value) if isinstance(value, Decimal) else value.isoformat()


def read_cursor(text: str) -> Cursor:
    """The cursor a text stands for. Raises ValueError where we did not make it."""
    try:
        content = signing.Signer(salt=SALT).unsign_object(text)
        return Cursor(content["f"], tuple(content["v"]), content["o"])
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        raise ValueError("This is not a cursor of ours: follow `next` and `previous` as they stand.") from None


CURSOR = Parameter("cursor", "Where the page begins; taken from `next` or `previous`.", read_cursor)


def ordering_of(orders: Sequence[Order], default: str, tie: Order) -> Parameter:
    """The parameter `ordering` of a list that can be ordered so; `tie` names each record and breaks ties."""
    choices = {order.name: order for order in (*orders, tie)}

    def read(text: str) -> tuple[Key, ...]:
        requested = text.split(",")
        names = [part.removeprefix("-") for part in requested]
        strange = [name for name in names if name not in choices]
        if strange:
            raise ValueError(f"Cannot order by {', '.join(strange)}. Known: {', '.join(choices)}.")
        if len(names) > MOST_KEYS:
            raise ValueError(f"Name at most {MOST_KEYS} fields.")
        first = {name: part.startswith("-") for name, part in reversed(list(zip(names, requested, strict=True)))}
        keys = [Key(choices[name], first[name]) for name in dict.fromkeys(names)]
        return tuple(keys if tie.name in names else [*keys, Key(tie)])

    return Parameter(
        "ordering",
        f"Fields to order by, separated by commas, each with `-` in front for the reverse: {', '.join(choices)}. "
        "Unknown values stand last; ties are broken by the key of the list.",
        read,
        {"type": "string", "default": default, "pattern": listed_words(choices, before="-?", most=MOST_KEYS)},
        default=read(default),
    )


def ordered(rows: QuerySet, keys: Sequence[Key], *, forwards: bool = True) -> QuerySet:
    """The rows in order, their keys beside them."""
    keyed = rows.annotate(**{key.alias: key.expression() for key in keys})
    return keyed.order_by(*(key.ordering(forwards=forwards) for key in keys))


@dataclass(frozen=True, slots=True)
class KeysetPage:
    """The records of a page as tuples, and the cursors of its neighbours where there are any."""

    rows: list[tuple]
    following: Cursor | None
    preceding: Cursor | None


def page_of(
    rows: QuerySet,
    keys: Sequence[Key],
    size: int,
    cursor: Cursor | None,
    select: Callable[[QuerySet], QuerySet],
) -> KeysetPage:
    """One page of the rows. `select` turns the query into tuples that end with the keys.

    Raises ValueError where the cursor belongs to another ordering.
    """
    ordering = ",".join(key.as_text for key in keys)
    if cursor is not None and (cursor.ordering != ordering or len(cursor.values) != len(keys)):
        raise ValueError("This cursor belongs to a list in another order.")
    forwards = cursor is None or cursor.forwards
    selected = ordered(rows, keys, forwards=forwards)
    if cursor is not None:
        selected = selected.filter(_past(keys, cursor))
    found = list(select(selected)[: size + 1])
    more, found = len(found) > size, found[:size]
    if not forwards:
        found.reverse()
    ahead, behind = (more, cursor is not None) if forwards else (True, more)
    if not found:
        return KeysetPage([], None, None)
    first, last = (tuple(row[-len(keys) :]) for row in (found[0], found[-1]))
    return KeysetPage(
        rows=found,
        following=Cursor(True, last, ordering) if ahead else None,
        preceding=Cursor(False, first, ordering) if behind else None,
    )


def _past(keys: Sequence[Key], cursor: Cursor) -> Q:
    """The condition of lying past a place: equal in the first keys and beyond it in the next."""
    past, same = Q(pk__in=[]), Q()
    for key, value in zip(keys, cursor.values, strict=True):
        beyond = key.beyond(value, forwards=cursor.forwards)
        if beyond is not None:
            past |= same & beyond
        same &= key.same(value)
    return past
