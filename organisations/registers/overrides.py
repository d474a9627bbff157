"""Overrides: what somebody has settled, with the reason, where the registers are ambiguous or silent.

A YAML file with any of three lists, `successions`, `equal_shares` and `forms`; `docs/registers.md` describes it. And
the table of shares that `ingest_nhspd` writes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError, model_validator

from organisations.domain.vocabulary import ShareBasis
from organisations.portfolios.decoding import decoded
from organisations.portfolios.reading import DocumentFault, DocumentRefused, read
from organisations.registers.oddities import Oddities, OddKind
from organisations.specs.document import Code, Day, DocumentModel, Fraction, Slug
from organisations.specs.wording import in_words

Reason = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]


class StatedSuccession(DocumentModel):
    """One succession as it is to be taken, or to be left out, whatever the registers say of the two bodies."""

    old: Code
    new: Code
    on: Day | None = None
    leave_out: bool = False
    share: Fraction | None = None
    basis: ShareBasis = ShareBasis.ESTIMATE
    reason: Reason

    @model_validator(mode="after")
    def _says_one_thing(self) -> StatedSuccession:
        if self.leave_out == (self.on is not None):
            raise ValueError("give either the day under on, or leave_out: true")
        return self


class EqualShares(DocumentModel):
    """A body whose successors are taken to have equal shares, as an estimate."""

    old: Code
    reason: Reason


class StatedForm(DocumentModel):
    """The form of a body; with `since`, a form it took that day, its earlier form being told by the usual rule."""

    code: Code
    form: Slug
    since: Day | None = None
    reason: Reason


class Overrides(DocumentModel):
    """A file of overrides."""

    successions: Annotated[list[StatedSuccession], Field(max_length=10_000)] = []
    equal_shares: Annotated[list[EqualShares], Field(max_length=10_000)] = []
    forms: Annotated[list[StatedForm], Field(max_length=100_000)] = []


@dataclass
class Settled:
    """Overrides by what they are about, and shares from a table. Notes which have been used."""

    successions: dict[tuple[str, str], StatedSuccession] = field(default_factory=dict)
    equal: dict[str, EqualShares] = field(default_factory=dict)
    forms: dict[str, StatedForm] = field(default_factory=dict)
    shares: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    used: set[object] = field(default_factory=set)

    def form_of(self, code: str) -> StatedForm | None:
        """What is said of a body's form."""
        self.used.add(("form", code))
        return self.forms.get(code)

    def days_of(self, code: str) -> set[date]:
        """The days on which a body follows another, or is followed by one, as somebody has settled it."""
        return {each.on for pair, each in self.successions.items() if code in pair and each.on is not None}

    def halves(self, old: str) -> EqualShares | None:
        """Whether the successors of a body are said to have equal shares."""
        self.used.add(("equal", old))
        return self.equal.get(old)

    def unused(self, oddities: Oddities) -> None:
        """Note the overrides that spoke of nothing."""
        for code in self.forms:
            if ("form", code) not in self.used:
                oddities.note(OddKind.UNUSED_OVERRIDE, code, "forms")
        for code in self.equal:
            if ("equal", code) not in self.used:
                oddities.note(OddKind.UNUSED_OVERRIDE, code, "equal_shares")


def read_overrides(path: Path, forms: set[str]) -> Settled:
    """Read a file of overrides; `forms` are the slugs that exist. Raises Refused with every fault."""
    text = read(path)
    try:
        stated = Overrides.model_validate(text.data or {})
    except ValidationError as error:
        raise DocumentRefused(text.name, [text.fault(in_words(each), each["loc"]) for each in error.errors()]) from None
    faults = []
    settled = Settled()
    for number, succession in enumerate(stated.successions):
        if (succession.old, succession.new) in settled.successions:
            faults.append(text.fault("These two bodies are settled twice.", ("successions", number)))
        settled.successions[succession.old, succession.new] = succession
    for number, form in enumerate(stated.forms):
        if form.form not in forms:
            faults.append(text.fault(f"There is no form called {form.form}.", ("forms", number, "form")))
        if form.code in settled.forms:
            faults.append(text.fault("The form of this body is given twice.", ("forms", number)))
        settled.forms[form.code] = form
    settled.equal = {each.old: each for each in stated.equal_shares}
    if faults:
        raise DocumentRefused(text.name, faults)
    return settled


SHARE_COLUMNS = ["step", "on", "original", "resulting", "postcodes", "share"]
"""Columns of a table of shares."""


@dataclass(frozen=True, slots=True)
class ShareRow:
    """The share of one body's live postcodes that lie in another's area after a step of reorganisation."""

    step: str
    on: date
    original: str
    resulting: str
    postcodes: int
    share: Decimal


def write_shares(path: Path, rows: list[ShareRow]) -> None:
    """Write a table of shares as CSV."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(SHARE_COLUMNS)
        writer.writerows([r.step, r.on, r.original, r.resulting, r.postcodes, r.share] for r in rows)


def read_shares(path: Path) -> dict[tuple[str, str], Decimal]:
    """By original and resulting body, the share. Raises Refused with every fault."""
    content, misread = decoded(path.read_bytes())
    if misread:
        raise DocumentRefused(path.name, [DocumentFault(words, line=line) for words, line in misread])
    rows = csv.DictReader(io.StringIO(content))
    if rows.fieldnames != SHARE_COLUMNS:
        raise DocumentRefused(path.name, [DocumentFault(f"The first line must be {','.join(SHARE_COLUMNS)}.", line=1)])
    faults: list[DocumentFault] = []
    shares = dict(_shares(rows, faults))
    if faults:
        raise DocumentRefused(path.name, faults)
    return shares


def _shares(rows: csv.DictReader[str], faults: list[DocumentFault]) -> Iterator[tuple[tuple[str, str], Decimal]]:
    seen: set[tuple[str, str]] = set()
    for row in rows:
        pair = row["original"], row["resulting"]
        try:
            share = Decimal(row["share"])
        except (InvalidOperation, TypeError):
            share = Decimal(-1)
        if not 0 <= share <= 1:
            faults.append(DocumentFault("A share is a number from 0 to 1.", line=rows.line_num))
        elif pair in seen:
            faults.append(DocumentFault("The share of these two is given twice.", line=rows.line_num))
        seen.add(pair)
        yield pair, share
