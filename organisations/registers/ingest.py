"""Ingesting registers: read the files, set them against what is held, load what is new in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from organisations.domain.vocabulary import OpenedBasis, RelationshipKind
from organisations.models import (
    Change,
    Form,
    FormPeriod,
    LineageEdge,
    NamePeriod,
    Organisation,
    Portfolio,
    Relationship,
)
from organisations.portfolios.reading import DocumentFault, DocumentRefused
from organisations.portfolios.stated import stated_by
from organisations.registers.assembly import Assembled, assembled
from organisations.registers.bodies_csv import read_bodies
from organisations.registers.held import HeldBody, HeldMembership, RegisterState
from organisations.registers.memberships import read_memberships
from organisations.registers.oddities import Oddities, OddKind
from organisations.registers.overrides import Settled, read_overrides, read_shares
from organisations.registers.reading import digest_of, is_xml, read_csv, recognised
from organisations.registers.records import Facts, RegisterKind
from organisations.registers.reference_xml import read_reference_xml
from organisations.registers.successions import read_successions
from organisations.services.load_portfolio import load_stated
from organisations.services.load_reports import LoadReport, Progress, without_progress
from organisations.specs.document import Header
from pcorg.core.batches import batches

PORTFOLIO = "ods-registers"
COVERS_FROM = date(2013, 4, 1)
"""Where the registers of today are whole: what had closed before then has mostly been taken out of them."""

SUMMARY = (
    "Practices, trusts, commissioners and authorities of England as the registers of the Organisation Data Service "
    "state them."
)
LIMITS = [
    "A register states names, addresses and parents as they are in its edition; what they were before it does not say.",
    "What closed long before the edition has been taken out of a register: the further back, the less is held.",
    "The kind of an NHS trust is told by its name and marked as inferred; so is the day from which a location of an "
    "integrated care board was one.",
    "Practices are those with prescribing setting 4. Dormant practices are shown as open, for no closing is given.",
    "Bodies that another portfolio holds are not made again, and their record there is not altered.",
]


@dataclass(frozen=True)
class Ingestion:
    """What to ingest, and how."""

    paths: Sequence[Path]
    portfolio: str = PORTFOLIO
    kind: RegisterKind | None = None
    overrides: Path | None = None
    shares: Path | None = None
    covers_from: date | None = None
    covers_to: date | None = None


@dataclass(frozen=True)
class IngestReport:
    """What an ingestion brought, or would bring. `rows` and `kinds` are by file. `load` is None where nothing was
    new."""

    portfolio: str
    rows: dict[str, int]
    kinds: dict[str, RegisterKind]
    assembled: Assembled
    oddities: Oddities
    load: LoadReport | None
    dry_run: bool


def ingest_registers(
    *, ingestion: Ingestion, by: str, dry_run: bool = False, progress: Progress = without_progress
) -> IngestReport:
    """Ingest registers, or with `dry_run` say what that would do. Doing so again changes nothing.

    Raises Refused where a file cannot be read or recognised, or the loader refuses what it states; then, as after any
    interruption, nothing has been written. Raises OSError where a file cannot be opened.
    """
    settled = _settled(ingestion)
    facts = Facts()
    progress("Reading", len(ingestion.paths))
    for path in ingestion.paths:
        _read(path, ingestion.kind, facts)
        progress("Reading", 0)
    with transaction.atomic():
        existing = Portfolio.objects.select_for_update(no_key=True).filter(pk=ingestion.portfolio).first()
        progress("Comparing", 1)
        recorded = held_of(facts, ingestion.portfolio)
        header = _header(ingestion, existing, facts)
        found = assembled(facts, recorded, settled, header, covers_from=header["covers"]["from"])
        progress("Comparing", 0)
        load = None
        if found.new or (existing is not None and existing.covers_to != header["covers"]["to"]):
            load = load_stated(stated=stated_by(found.text), by=by, dry_run=dry_run, progress=progress)
    return IngestReport(ingestion.portfolio, facts.rows, facts.kinds, found, facts.oddities, load, dry_run)


def _settled(ingestion: Ingestion) -> Settled:
    settled = Settled()
    if ingestion.overrides is not None:
        settled = read_overrides(ingestion.overrides, set(Form.objects.values_list("slug", flat=True)))
    if ingestion.shares is not None:
        settled.shares = read_shares(ingestion.shares)
    return settled


def _read(path: Path, kind: RegisterKind | None, facts: Facts) -> None:
    """Read one file into the facts."""
    if path.name in facts.rows:
        raise DocumentRefused(path.name, [DocumentFault("Two of the files have this name; give each its own.")])
    if is_xml(path):
        facts.kinds[path.name] = RegisterKind.REFERENCE_XML
        facts.digests[path.name] = digest_of(path)
        facts.rows[path.name] = 0
        facts.rows[path.name] = read_reference_xml(path, facts)
        return
    text = read_csv(path)
    found = recognised(text, kind)
    facts.kinds[text.name] = found
    facts.digests[text.name] = text.sha256
    facts.rows[text.name] = len(text.rows)
    if found is RegisterKind.MEMBERSHIPS:
        read_memberships(text, facts)
    elif found is RegisterKind.SUCCESSIONS:
        read_successions(text, facts)
    else:
        read_bodies(text, found, facts)


def _header(ingestion: Ingestion, existing: Portfolio | None, facts: Facts) -> dict[str, Any]:
    """The portfolio's header: as it is held, covering more where the files speak of later days.

    A register says nothing beyond its edition: all of them together speak of the days up to the earliest of their
    latest dates, and of no day to come, for closings may be announced.
    """
    latest = min((*facts.latest.values(), timezone.localdate())) if facts.latest else None
    if existing is not None:
        ends = ingestion.covers_to or existing.covers_to
        if latest is not None and latest > ends:
            words = f"the files speak of days up to {latest}, the portfolio covers up to {ends}"
            facts.oddities.note(OddKind.COVERAGE_STAYS, ingestion.portfolio, words)
        if ingestion.covers_from not in {None, existing.covers_from}:
            words = f"it covers from {existing.covers_from}; only a new portfolio is given another first day"
            facts.oddities.note(OddKind.FIRST_DAY_STAYS, ingestion.portfolio, words)
        return {**header_of(existing), "covers": {"from": existing.covers_from, "to": ends}}
    begins = ingestion.covers_from or COVERS_FROM
    return {
        "slug": ingestion.portfolio,
        "title": "Registers of the Organisation Data Service",
        "illustrative": False,
        "covers": {"from": begins, "to": ingestion.covers_to or max(latest or begins, begins)},
        "summary": SUMMARY,
        "attribution": "Contains NHS England and ONS data, Crown copyright, OGL v3",
        "limits": LIMITS,
    }


def header_of(portfolio: Portfolio) -> dict[str, Any]:
    """The header of a portfolio that is held, as a document states it."""
    stated = {name: getattr(portfolio, name) for name in Header.model_fields if name != "covers"}
    return {**stated, "covers": {"from": portfolio.covers_from, "to": portfolio.covers_to}}


def held_of(facts: Facts, portfolio: str) -> RegisterState:
    """What is held of the bodies that the files speak of."""
    codes = set(facts.bodies)
    codes.update(code for each in facts.memberships for code in (each.member, each.parent))
    codes.update(code for each in facts.successions for code in (each.old, each.new))
    bodies = held_bodies(codes)
    return RegisterState(
        bodies=bodies,
        memberships=_memberships(bodies),
        lineage=frozenset(
            pair
            for batch in batches(bodies)
            for pair in LineageEdge.objects.filter(original__in=batch).values_list("original", "resulting")
        ),
        members=members_of(bodies),
        references=frozenset(Change.objects.filter(portfolio=portfolio).values_list("reference", flat=True)),
    )


def held_bodies(codes: Iterable[str]) -> dict[str, HeldBody]:
    """Those of the bodies that are held, by code."""
    found = {}
    for batch in batches(sorted(codes)):
        names, forms = (
            dict(rows.filter(organisation__in=batch).order_by("start").values_list("organisation", field))
            for rows, field in ((NamePeriod.objects.all(), "name"), (FormPeriod.objects.all(), "form"))
        )
        for body in Organisation.with_struck_out.filter(pk__in=batch):
            found[body.code] = HeldBody(
                body.code,
                body.portfolio_id,
                body.opened,
                OpenedBasis(body.opened_basis),
                body.closed,
                names.get(body.code, body.code),
                forms.get(body.code, ""),
                body.note,
            )
    return found


def _memberships(codes: Iterable[str]) -> dict[str, list[HeldMembership]]:
    found: dict[str, list[HeldMembership]] = defaultdict(list)
    for batch in batches(codes):
        rows = Relationship.objects.filter(kind=RelationshipKind.MEMBER_OF, subject__in=batch)
        for member, parent, start, end in rows.order_by("start").values_list("subject", "object", "start", "end"):
            found[member].append(HeldMembership(parent, start, end))
    return found


def members_of(codes: Iterable[str]) -> dict[str, frozenset[str]]:
    """The open members of each body that has any."""
    found: dict[str, set[str]] = defaultdict(set)
    for batch in batches(codes):
        rows = Relationship.objects.open().filter(kind=RelationshipKind.MEMBER_OF, object__in=batch)
        for code, member in rows.values_list("object", "subject"):
            found[code].add(member)
    return {code: frozenset(members) for code, members in found.items()}
