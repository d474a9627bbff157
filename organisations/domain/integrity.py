"""Integrity: what no change may do, recorded or proposed.

Existence, cardinality, one code one body, nothing before a body begins or after it ends, shares that add up. Every
problem is found at once; each says where in the request (a JSON pointer) and what is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from organisations.domain.changes import ChangeRequest
from organisations.domain.same_day import chained
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import ChangeKind, Route
from pcorg.core.refusals import Problem


@dataclass(frozen=True, slots=True)
class Cardinality:
    """How many originals a kind takes and how many bodies come out; None means no upper limit.

    `new` counts bodies the change opens, `outcome` those and the originals that continue."""

    originals: tuple[int, int | None]
    new: tuple[int, int | None]
    outcome: tuple[int, int | None]
    words: str


CARDINALITY: dict[ChangeKind, Cardinality] = {
    ChangeKind.ESTABLISHMENT: Cardinality((0, 0), (1, 1), (1, 1), "An establishment opens one new body out of none."),
    ChangeKind.TRANSITION: Cardinality((1, 1), (0, 1), (1, 1), "A transition takes one body to one form."),
    ChangeKind.MERGER: Cardinality((2, None), (0, 1), (1, 1), "A merger joins two or more bodies into one."),
    ChangeKind.SPLIT: Cardinality((1, 1), (1, None), (2, None), "A split divides one body into two or more."),
    ChangeKind.SEPARATION: Cardinality(
        (1, 1), (1, 1), (2, 2), "A separation takes one new body out of one that continues."
    ),
    ChangeKind.TRANSFER: Cardinality(
        (2, None), (0, 0), (2, None), "A transfer moves things between two or more bodies that continue."
    ),
    ChangeKind.RECONFIGURATION: Cardinality(
        (1, None), (0, None), (1, None), "A reconfiguration takes one or more bodies to one or more."
    ),
    ChangeKind.RENAME: Cardinality((1, 1), (0, 0), (1, 1), "A change of name concerns one body."),
    ChangeKind.DISSOLUTION: Cardinality((1, None), (0, 0), (0, 0), "A dissolution ends one or more bodies."),
    ChangeKind.CORRECTION: Cardinality(
        (1, None), (0, 1), (1, None), "A correction names the bodies it is about, and at most one that was forgotten."
    ),
}


def problems_of(request: ChangeRequest, snapshot: Snapshot, apart_from: Collection[str] = frozenset()) -> list[Problem]:
    """Every integrity problem of the request against what is known; an empty list means it can be planned. Nothing is
    said of the state of the bodies named by `apart_from`, of which it is not known whether they are as they should."""
    return [
        *_cardinality(request),
        *_repeated(request),
        *_originals(request, snapshot, apart_from),
        *_new_bodies(request, snapshot, apart_from),
        *_same_body(request, snapshot, apart_from),
        *_shares(request),
        *_taken_back(request, snapshot, apart_from),
        *_links(request, snapshot, apart_from),
        *_moves(request, snapshot, apart_from),
        *_relationships(request, snapshot, apart_from),
    ]


def _within(number: int, bounds: tuple[int, int | None]) -> bool:
    low, high = bounds
    return number >= low and (high is None or number <= high)


def _cardinality(request: ChangeRequest) -> Iterator[Problem]:
    allowed = CARDINALITY[request.kind]
    if not _within(len(request.originals), allowed.originals):
        yield Problem("invalid", allowed.words, "/originals")
    elif not _within(len(request.new), allowed.new) or not _within(len(request.resulting), allowed.outcome):
        yield Problem("invalid", allowed.words, "/resulting")
    if request.kind is ChangeKind.TRANSITION:
        if request.route not in {Route.LEVEL, Route.DESIGNATION, Route.SUCCESSION}:
            yield Problem("invalid", "A transition is by level, by designation or by succession.", "/route")
        elif request.route.keeps_body and request.new:
            yield Problem("invalid", f"By {request.route} the body stays the same; no new body opens.", "/resulting")
        elif not request.route.keeps_body and not request.new:
            yield Problem("invalid", "A succession opens one new body, the successor.", "/resulting")


def _repeated(request: ChangeRequest) -> Iterator[Problem]:
    for code, times in Counter(request.originals).items():
        if times > 1:
            yield Problem(
                "invalid",
                f"{code} is named {times} times; name each body once.",
                f"/originals/{request.originals.index(code)}",
            )
    for code, times in Counter(request.resulting).items():
        if times > 1 and request.originals.count(code) <= 1:
            yield Problem("invalid", f"{code} comes out {times} times; name each body once.", "/resulting")
    originals = frozenset(request.originals)
    for number, code in enumerate(request.continuing):
        if code not in originals:
            yield Problem(
                "code-in-use",
                f"{code} already stands for another body. A body that continues must be among the originals.",
                f"/resulting/{number}/code",
            )


def _originals(request: ChangeRequest, snapshot: Snapshot, apart_from: Collection[str]) -> Iterator[Problem]:
    if request.undoes:
        return
    for number, code in enumerate(request.originals):
        if code in apart_from:
            continue
        pointer = f"/originals/{number}"
        body = snapshot.bodies.get(code)
        if body is None:
            yield Problem("unknown-organisation", f"No organisation has the code {code}.", pointer)
        elif not body.alive_on(request.effective_on):
            ended = f" and closed on {body.closed:%-d %B %Y}" if body.closed else ""
            listed = body.closed == request.effective_on and body.closed_by is None
            advice = " Leave its closing date out if this change is what closes it." if listed else ""
            yield Problem(
                "not-in-force",
                f"{body.last_name()} ({code}) is not in force on {request.effective_on:%-d %B %Y}: "
                f"it opened on {body.opened:%-d %B %Y}{ended}.{advice}",
                pointer,
            )
        elif (words := chained(request, snapshot, code)) is not None:
            yield Problem("conflict", words, pointer)
        elif body.portfolio != request.portfolio:
            yield Problem(
                "conflict",
                f"{code} belongs to the portfolio {body.portfolio}, not {request.portfolio}.",
                pointer,
            )


def code_of_its_own(code: str, taken: Container[str]) -> str:
    """Why a code is not used again, with one that is free: an organisation that reopens, that takes the code of one it
    absorbed, or that exchanges codes with another is a new one."""
    free = next(f"{code[:36]}-{number}" for number in count(2) if f"{code[:36]}-{number}" not in taken)
    return (
        "A code is never used again for another organisation. Give the new one a code of its own, for example the same "
        f"with a suffix: {free}."
    )


def _new_bodies(request: ChangeRequest, snapshot: Snapshot, apart_from: Collection[str]) -> Iterator[Problem]:
    for number, new in enumerate(request.new):
        pointer = f"/resulting/{number + len(request.continuing)}"
        if new.code in snapshot.bodies and new.code not in apart_from:
            existing = snapshot.bodies[new.code]
            stands_for = (
                "was given to an organisation that a correction struck out"
                if existing.closed == existing.opened
                else f"already stands for {existing.last_name()}"
            )
            words = f"The code {new.code} {stands_for}. {code_of_its_own(new.code, snapshot.bodies)}"
            yield Problem("code-in-use", words, f"{pointer}/code")
        if new.form not in snapshot.forms:
            yield Problem("invalid", f"There is no form called {new.form}.", f"{pointer}/form")


def _same_body(request: ChangeRequest, snapshot: Snapshot, apart_from: Collection[str]) -> Iterator[Problem]:
    if request.to_form is not None and request.kind not in {ChangeKind.TRANSITION, ChangeKind.CORRECTION}:
        yield Problem("invalid", "Only a transition or a correction takes the same body to another form.", "/to_form")
    if request.name is not None and request.kind not in NAMING:
        yield Problem("invalid", "A new body states its name under resulting; this kind of change has none.", "/name")
    changes_form = request.route is not None and request.route.keeps_body
    if changes_form and request.to_form is None:
        yield Problem("invalid", "Say which form the body takes.", "/to_form")
    if request.to_form is not None and request.to_form not in snapshot.forms:
        yield Problem("invalid", f"There is no form called {request.to_form}.", "/to_form")
    if request.kind is ChangeKind.RENAME and not request.name:
        yield Problem("invalid", "Say which name the body takes.", "/name")
    if request.to_form is not None:
        for number, code in enumerate(request.originals):
            body = None if code in apart_from else snapshot.bodies.get(code)
            if body is not None and body.form_on(request.effective_on) == request.to_form:
                yield Problem("invalid", f"{code} already has the form {request.to_form}.", f"/originals/{number}")


def _shares(request: ChangeRequest) -> Iterator[Problem]:
    stated = request.shares()
    resulting, closing = frozenset(request.resulting), frozenset(request.closing)
    given: dict[str, Decimal] = dict.fromkeys(request.originals, Decimal(0))
    pairs: set[tuple[str, str]] = set()
    for number, edge in enumerate(stated):
        pointer = f"/edges/{number}"
        if edge.original not in given:
            yield Problem("invalid", f"{edge.original} is not among the originals.", f"{pointer}/original")
            continue
        if edge.resulting not in resulting:
            yield Problem("invalid", f"{edge.resulting} is not among the bodies that result.", f"{pointer}/resulting")
        if edge.original == edge.resulting:
            yield Problem("invalid", "What a body keeps is not stated as a share to itself.", pointer)
        if not 0 <= edge.share <= 1:
            yield Problem("invalid", f"A share lies between 0 and 1; {edge.share} does not.", f"{pointer}/share")
        if (edge.original, edge.resulting) in pairs:
            yield Problem("invalid", f"The share of {edge.original} to {edge.resulting} is stated twice.", pointer)
        pairs.add((edge.original, edge.resulting))
        given[edge.original] += edge.share
    if request.kind in {ChangeKind.DISSOLUTION, *_KEEPS_ALL}:
        return
    for number, code in enumerate(request.originals):
        if code in closing and given[code] != 1:
            yield Problem(
                "invalid",
                f"{code} ends, so its shares must add up to 1; they add up to {given[code]}.",
                f"/originals/{number}",
            )
        elif given[code] > 1:
            yield Problem("invalid", f"{code} gives away more than it has: {given[code]}.", f"/originals/{number}")


def _taken_back(request: ChangeRequest, snapshot: Snapshot, apart_from: Collection[str]) -> Iterator[Problem]:
    """People can be taken back from a body only where some of them came to the original."""
    for number, edge in enumerate(request.shares()):
        pointer = f"/edges/{number}/of"
        if not edge.of and (edge.of_share != 1 or edge.others_share != 0):
            yield Problem("invalid", "Say in of whose people go; of_share and others_share divide them.", pointer)
        for code in edge.of:
            if {code, edge.original} & set(apart_from):
                continue
            if code not in snapshot.bodies:
                yield Problem("unknown-organisation", f"No organisation has the code {code}.", pointer)
            elif edge.original not in snapshot.reached_from(code, request.effective_on):
                yield Problem(
                    "invalid",
                    f"No people of {code} had come to {edge.original} by {request.effective_on:%-d %B %Y}, so none can "
                    "be taken back.",
                    pointer,
                )


def _links(request: ChangeRequest, snapshot: Snapshot, apart_from: Collection[str]) -> Iterator[Problem]:
    """A link is of the people whom a body had at its end, before the change, and never of more than all of them."""
    on = request.effective_on
    given: dict[str, Decimal] = {}
    pairs: set[tuple[str, str]] = set()
    for number, link in enumerate(request.links):
        at = f"/links/{number}"
        body = snapshot.bodies.get(link.original)
        words = ""
        if body is None:
            words = f"No organisation has the code {link.original}."
        elif link.original in request.originals:
            words = f"{link.original} is an original of this change: state its share under edges."
        elif body.closed is None or body.closed > on:
            words = f"{link.original} had not closed by {on:%-d %B %Y}. A link is of the people a body had at its end."
        elif snapshot.reached_from(link.original, on).isdisjoint(request.originals):
            words = f"No people of {link.original} had come to the originals of this change."
        if words and not {link.original, *request.originals} & set(apart_from):
            yield Problem("invalid" if body else "unknown-organisation", words, f"{at}/original")
        if link.resulting not in request.resulting:
            yield Problem("invalid", f"{link.resulting} is not among the bodies that result.", f"{at}/resulting")
        if (link.original, link.resulting) in pairs:
            yield Problem("invalid", f"The share of {link.original} that {link.resulting} has is stated twice.", at)
        pairs.add((link.original, link.resulting))
        given[link.original] = given.get(link.original, Decimal(0)) + link.share
        if given[link.original] > 1:
            words = f"The shares of {link.original} add up to more than 1: {given[link.original]}."
            yield Problem("invalid", words, f"{at}/share")


_KEEPS_ALL = (ChangeKind.RENAME, ChangeKind.CORRECTION, ChangeKind.ESTABLISHMENT)


NAMING = frozenset({ChangeKind.TRANSITION, ChangeKind.RENAME, ChangeKind.CORRECTION})
"""Kinds of change that may give the same body another name."""


def _relationships(request: ChangeRequest, snapshot: Snapshot, apart_from: Collection[str]) -> Iterator[Problem]:
    """Bodies that relationships name and that will not be there."""
    fresh = {*apart_from, *(new.code for new in request.new)}
    first = len(request.continuing)
    stated = [
        (relationship, f"/resulting/{first + number}")
        for number, new in enumerate(request.new)
        for relationship in new.relationships
    ]
    stated += [(relationship, f"/relationships/{number}") for number, relationship in enumerate(request.relationships)]
    for relationship, pointer in stated:
        for code in (relationship.subject, relationship.object):
            body = snapshot.bodies.get(code)
            if body is None and code not in fresh:
                yield Problem("unknown-organisation", f"No organisation has the code {code}.", pointer)
            elif body is None or code in apart_from:
                continue
            elif body.closed is not None and body.closed <= relationship.period.start:
                yield Problem(
                    "not-in-force", f"{body.last_name()} ({code}) closed on {body.closed:%-d %B %Y}.", pointer
                )


def _moves(request: ChangeRequest, snapshot: Snapshot, apart_from: Collection[str]) -> Iterator[Problem]:
    complete = len(request.originals) > 1 and not request.new
    if request.kind is ChangeKind.TRANSFER and complete and not request.moves and not request.edges:
        yield Problem("invalid", "Say what a transfer moves: moves, or edges with shares.", "/moves")
    originals, out = frozenset(request.originals), frozenset(request.resulting)
    for number, move in enumerate(request.moves):
        if move.giver not in originals:
            yield Problem("invalid", f"{move.giver} is not among the originals.", f"/moves/{number}/from")
        known = move.receiver in {*out, *apart_from} or (
            move.receiver in snapshot.bodies and snapshot.bodies[move.receiver].alive_on(request.effective_on)
        )
        if not known:
            yield Problem(
                "unknown-organisation",
                f"{move.receiver} is not a body in force that day.",
                f"/moves/{number}/to",
            )
