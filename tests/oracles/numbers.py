"""What a plan made, as the database gives it back: with the number of the change that made it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from organisations.domain.snapshot import UNNUMBERED, Body, PopulationCount, Snapshot


def numbered(before: Snapshot, after: Snapshot, number: int) -> Snapshot:
    """The state after a change with its number: on what it began, ended, closed, counted and drew."""
    held = {relationship.identity for relationship in before.relationships}
    return replace(
        after,
        bodies={code: _body(before.bodies.get(code), body, number) for code, body in after.bodies.items()},
        relationships=tuple(
            _fact(relationship, number, new=relationship.identity not in held) for relationship in after.relationships
        ),
        struck=tuple(_fact(relationship, number, new=False) for relationship in after.struck),
        edges=tuple(edge if edge in before.edges else replace(edge, change=number) for edge in after.edges),
    )


def _fact(fact: Any, number: int, *, new: bool) -> Any:
    if new:
        fact = replace(fact, begun_by=number)
    return replace(fact, ended_by=number) if fact.ended_by == UNNUMBERED else fact


def _body(before: Body | None, body: Body, number: int) -> Body:
    told: dict[str, Any] = {"closed_by": number} if body.closed_by == UNNUMBERED else {}
    for name in ("forms", "names", "seats"):
        starts = {spell.period.start for spell in getattr(before, name, ())}
        told[name] = tuple(_fact(spell, number, new=spell.period.start not in starts) for spell in getattr(body, name))
    held = (*before.counts, *before.superseded) if before is not None else ()
    told["counts"] = _counts(body.counts, held, begun_by=number)
    told["superseded"] = _counts(body.superseded, before.superseded if before else (), superseded_by=number)
    return replace(body, **told)


def _counts(
    counts: tuple[PopulationCount, ...], held: Collection[PopulationCount], **told: int
) -> tuple[PopulationCount, ...]:
    return tuple(count if count in held else replace(count, **told) for count in counts)
