"""Shares of reorganisations derived from the NHS Postcode Directory: reported, compared with what is recorded, and
recorded where nothing is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from organisations.domain.vocabulary import ShareBasis
from organisations.models import LineageEdge, Portfolio
from organisations.portfolios.reading import DocumentFault, DocumentRefused
from organisations.portfolios.stated import stated_by
from organisations.registers.assembly import text_of_changes
from organisations.registers.bodies import RegisteredBodies, life_of
from organisations.registers.changes import RegisteredChanges
from organisations.registers.held import RegisterState
from organisations.registers.ingest import header_of, held_bodies, members_of
from organisations.registers.oddities import Oddities, OddKind, Origin
from organisations.registers.overrides import Settled, ShareRow
from organisations.registers.postcode_directory import STEPS, Counted, count, shares_of
from organisations.registers.reading import digest_of
from organisations.registers.records import cited
from organisations.registers.succession_changes import SuccessionPlanner
from organisations.registers.successions import FoundSuccession
from organisations.services.load_portfolio import load_stated
from organisations.services.load_reports import LoadReport, Progress, without_progress
from pcorg.core.batches import batches

SOURCE = "nhspd"

TOLERANCE = Decimal("0.01")
"""Shares that differ by no more agree: editions of the directory differ by as much."""


@dataclass(frozen=True)
class PostcodeReport:
    """What a directory came to. `agreeing` counts recorded shares within the tolerance; `load` is None where nothing
    was recorded."""

    file: str
    counted: Counted
    shares: list[ShareRow]
    oddities: Oddities
    agreeing: int = 0
    changes: int = 0
    load: LoadReport | None = None
    dry_run: bool = False


def ingest_postcodes(
    *,
    path: Path,
    by: str,
    portfolio: str | None = None,
    steps: Collection[str] = (),
    dry_run: bool = False,
    progress: Progress = without_progress,
) -> PostcodeReport:
    """Derive shares from a directory. With a portfolio, compare them with the lineage it records and record what it
    does not, where it holds every body concerned and none of those that end has ended.

    `steps` are names of steps; none means all. Raises Refused where the file is no directory or there is no such
    portfolio, and OSError where the file cannot be opened.
    """
    progress("Counting postcodes", 0)
    counted = count(path, lambda read: progress("Counting postcodes", 0))
    oddities = Oddities()
    rows = [row for row in shares_of(counted, oddities) if not steps or row.step in steps]
    if portfolio is None:
        return PostcodeReport(path.name, counted, rows, oddities, dry_run=dry_run)
    with transaction.atomic():
        existing = Portfolio.objects.select_for_update(no_key=True).filter(pk=portfolio).first()
        if existing is None:
            raise DocumentRefused(path.name, [DocumentFault(f"There is no portfolio called {portfolio}.")])
        agreeing, unrecorded = _compared(rows, portfolio, oddities)
        changes, load = _recorded(path, unrecorded, existing, oddities, by, dry_run, progress)
    return PostcodeReport(path.name, counted, rows, oddities, agreeing, changes, load, dry_run)


def _compared(rows: Sequence[ShareRow], portfolio: str, oddities: Oddities) -> tuple[int, list[ShareRow]]:
    """How many shares agree with the recorded ones of that day, and the rows of bodies of which none is recorded."""
    originals = sorted({row.original for row in rows})
    recorded: dict[tuple[str, date], dict[str, Decimal]] = defaultdict(dict)
    for batch in batches(originals):
        edges = LineageEdge.objects.filter(original__in=batch, change__portfolio=portfolio)
        for original, resulting, share, on in edges.values_list(
            "original", "resulting", "share", "change__effective_on"
        ):
            recorded[original, on][resulting] = share
    days = {step.name: step.on for step in STEPS}
    agreeing = 0
    unrecorded = []
    derived: dict[tuple[str, date], dict[str, Decimal]] = defaultdict(dict)
    for row in rows:
        key = (row.original, days[row.step])
        if key in recorded:
            derived[key][row.resulting] = row.share
        else:
            unrecorded.append(row)
    for (original, on), shares in derived.items():
        known = recorded[original, on]
        for resulting in sorted({*shares, *known}):
            ours, theirs = shares.get(resulting, Decimal(0)), known.get(resulting, Decimal(0))
            if abs(ours - theirs) <= TOLERANCE:
                agreeing += 1
            else:
                words = f"to {resulting} on {on}: recorded {theirs}, postcodes {ours}"
                oddities.note(OddKind.SHARE_DIFFERS, original, words)
    return agreeing, unrecorded


def _recorded(
    path: Path,
    rows: Sequence[ShareRow],
    portfolio: Portfolio,
    oddities: Oddities,
    by: str,
    dry_run: bool,
    progress: Progress,
) -> tuple[int, LoadReport | None]:
    """Record the changes that the rows amount to, where they can be."""
    origin = Origin(path.name)
    going_on = {row.original for row in rows if row.original == row.resulting}
    for code in sorted(going_on):
        oddities.note(OddKind.SHARE_NOT_RECORDED, code, "keeps its code, so only a part of it passed on")
    successions = [
        FoundSuccession(
            row.original,
            row.resulting,
            row.on,
            origin,
            cited(SOURCE, origin),
            settled=True,
            share=row.share,
            share_basis=ShareBasis.POSTCODES,
            note=f"Share of {row.postcodes:,} live postcodes.",
        )
        for row in rows
        if row.original not in going_on
    ]
    recorded = RegisterState(bodies=held_bodies({code for each in successions for code in each.pair}))
    recorded = RegisterState(bodies=recorded.bodies, members=members_of(recorded.bodies))
    bodies = RegisteredBodies(lives={code: life_of(body) for code, body in recorded.bodies.items()})
    changes = RegisteredChanges(bodies, recorded, oddities)
    SuccessionPlanner(changes, Settled(), portfolio.slug).plan(successions)
    if not changes.planned:
        return 0, None
    text = text_of_changes(header_of(portfolio), changes, path.name, digest_of(path))
    load = load_stated(stated=stated_by(text), by=by, dry_run=dry_run, progress=progress)
    return len(changes.planned), load
