"""The life and the lineage of one body: each as a drawing and as the rows of its table, from the same facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from organisations.domain.vocabulary import ChangeKind, RelationshipKind, ShareBasis
from organisations.read_models.lineage import Lineage, LineageNode, LineageStep
from organisations.read_models.organisations import OrganisationDetail
from organisations.web.drawing.lineage import BoxState, DrawnBody, SuccessionArrow, draw_lineage, nearest
from organisations.web.drawing.timeline import Bar, Mark, Strand, StrandBars, draw_timeline
from organisations.web.presenters.references import Ended, ProvenanceNote, References
from pcorg.core.pages.jinja2 import percent
from pcorg.core.pages.scope import Scope

ANSWERING = {RelationshipKind.ACCOUNTABLE_TO, RelationshipKind.SUB_COMMITTEE_OF}


@dataclass(frozen=True)
class LifeRow:
    """A row of the life of a body: what it was, between two days. `last` is the last day; None while it holds."""

    strand: str
    text: str
    href: str | None
    start: date
    last: date | None
    known: ProvenanceNote
    ended: Ended | None


@dataclass(frozen=True)
class LineageRow:
    """A row of the lineage: the share of one body that another took, in words and as a fraction."""

    on: date
    original: str
    original_code: str
    original_href: str
    resulting: str
    resulting_code: str
    resulting_href: str
    share: str
    share_exact: str
    measured: str
    kind: str
    change_href: str


@dataclass(frozen=True)
class LifeDrawing:
    """The timeline and its table."""

    drawing: Markup
    facts: list[LifeRow]


@dataclass(frozen=True)
class LineageDrawing:
    """The lineage drawing and its table. `left_out` counts bodies too far away to be drawn."""

    drawing: Markup
    steps: list[LineageRow]
    left_out: int


def standing(opened: date, closed: date | None, on: date) -> BoxState:
    """How a body stands on a day."""
    if on < opened:
        return BoxState.NOT_YET_OPEN
    return BoxState.CLOSED if closed is not None and closed <= on else BoxState.IN_FORCE


def last_day(end: date | None) -> date | None:
    """The last day of a period that ends on, and does not include, a day."""
    return end - timedelta(days=1) if end else None


def life_of(detail: OrganisationDetail, scope: Scope, references: References) -> LifeDrawing:
    """Forms, names and whom it answered to, with its changes marked by their numbers in the table of changes."""
    answering = [tie for tie in detail["relationships"] if tie["kind"] in ANSWERING and tie["direction"] == "to"]
    strands: list[tuple[str, Strand, Sequence[Mapping[str, Any]], str]] = [
        ("Form", Strand.FORM, detail["forms"], "label"),
        ("Name", Strand.NAME, detail["names"], "name"),
        ("Answers to", Strand.RELATIONSHIP, sorted(answering, key=lambda tie: tie["start"]), "name"),
    ]
    rows = [
        StrandBars(label, strand, tuple(Bar(fact["start"], fact["end"], fact[text]) for fact in facts))
        for label, strand, facts, text in strands
    ]
    marks = [Mark(change["effective_on"], number) for number, change in enumerate(detail["changes"], start=1)]
    drawing = draw_timeline(
        rows,
        marks,
        until=max(detail["coverage"]["to"] or scope.on, scope.on),
        as_at=scope.on,
        key="life",
        title=f"The life of {detail['name']}",
        description="Bars show its forms, its names and whom it answered to over the years; numbered marks are its "
        "changes. The tables after the drawing hold the same facts.",
    )
    facts = [
        LifeRow(
            strand=label,
            text=fact[text],
            href=_page_of(fact, scope),
            start=fact["start"],
            last=last_day(fact["end"]),
            known=references.known(fact),
            ended=references.ended(fact["ended"], scope),
        )
        for label, _, found, text in strands
        for fact in found
    ]
    return LifeDrawing(Markup(drawing), facts)  # noqa: S704 - the drawing escapes every text


def _page_of(fact: Mapping[str, Any], scope: Scope) -> str | None:
    """The page of the form or body that a fact names; a name has none."""
    if "organisation" in fact:
        return scope.link("organisation", fact["organisation"])
    return scope.link("form", fact["slug"]) if "slug" in fact else None


def lineage_of(
    lineage: Lineage, forms: dict[str, str], scope: Scope, *, records_begin: date | None
) -> LineageDrawing | None:
    """Where a body came from and what became of it; None where no change led to it or from it.

    `forms` are labels by slug; a body that opened on the day the records begin may be older.
    """
    if not lineage["edges"]:
        return None
    nodes = {node["code"]: node for node in lineage["nodes"]}
    edges = [edge for edge in lineage["edges"] if {edge["predecessor"], edge["successor"]} <= nodes.keys()]
    kept = nearest(lineage["root"], ((edge["predecessor"], edge["successor"]) for edge in edges))
    root = nodes[lineage["root"]]["name"]
    drawing = draw_lineage(
        [_body(nodes[code], forms, scope, records_begin) for code in kept],
        [_succession(edge) for edge in edges if {edge["predecessor"], edge["successor"]} <= set(kept)],
        focus=lineage["root"],
        key="lineage",
        title=f"The lineage of {root}",
        description="Earlier bodies stand on the left, later ones on the right. The figure on an arrow is the share "
        "of the earlier body’s people that the later one took. The table after the drawing holds the same facts.",
    )
    edges.sort(key=lambda edge: (edge["effective_on"], edge["predecessor"], -Decimal(edge["share"])))
    return LineageDrawing(
        Markup(drawing),  # noqa: S704 - the drawing escapes every text
        [_step(edge, nodes, scope) for edge in edges],
        left_out=len(nodes) - len(kept),
    )


def _body(node: LineageNode, forms: dict[str, str], scope: Scope, records_begin: date | None) -> DrawnBody:
    return DrawnBody(
        code=node["code"],
        name=node["name"],
        detail=(forms.get(node["form"] or "", node["form"] or ""), f"{node['code']} · {_life(node, records_begin)}"),
        href=scope.link("organisation", node["code"]),
        standing=standing(node["opened"], node["closed"], scope.on),
        illustrative=node["code"].startswith("X-"),
    )


def _life(node: LineageNode, records_begin: date | None) -> str:
    """From when to when a body lived, short enough for its box: `Oct 2000 to Sep 2001`, `by Oct 2006`."""
    first, last = f"{node['opened']:%b %Y}", last_day(node["closed"])
    old = node["opened"] == records_begin
    if last:
        return f"{'by ' if old else ''}{first} to {last:%b %Y}"
    return f"{'by' if old else 'from'} {first}"


def _succession(edge: LineageStep) -> SuccessionArrow:
    share = Decimal(edge["share"])
    return SuccessionArrow(edge["predecessor"], edge["successor"], share, percent(share), edge["effective_on"])


def _step(edge: LineageStep, nodes: dict[str, LineageNode], scope: Scope) -> LineageRow:
    original, resulting = nodes[edge["predecessor"]], nodes[edge["successor"]]
    return LineageRow(
        on=edge["effective_on"],
        original=original["name"],
        original_code=original["code"],
        original_href=scope.link("organisation", original["code"]),
        resulting=resulting["name"],
        resulting_code=resulting["code"],
        resulting_href=scope.link("organisation", resulting["code"]),
        share=percent(edge["share"]),
        share_exact=edge["share"],
        measured=ShareBasis.stored(edge["basis"]).label,
        kind=ChangeKind.stored(edge["kind"]).label,
        change_href=scope.link("change", edge["change"]),
    )
