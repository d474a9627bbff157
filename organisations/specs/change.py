"""The schema of a proposed change: what a client may ask for, of every kind.

The same words as in a portfolio document; a proposal needs no basis or source, for it is not yet a fact.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, TypeVar

import orjson
from pydantic import Field, ValidationError

from organisations.domain.forms import TransitionGraph
from organisations.domain.vocabulary import ChangeKind, Route
from organisations.models import Organisation
from organisations.specs.document import (
    ChangeSpec,
    Code,
    CodesGiven,
    Continuing,
    DocumentModel,
    Reasons,
    Slug,
    StatedBody,
    StatedLink,
    StatedMove,
    StatedProvenance,
    StatedShare,
    StatedTie,
)
from organisations.specs.wording import in_words, is_other_branch, place_of, pointer
from pcorg.core.names import as_recorded
from pcorg.core.refusals import Invalid, Problem

MANY_BODIES = Field(max_length=2_000)
MANY_PARTS = Field(max_length=20_000)
"""Anybody may ask for a preview, so that a request has bounds: ten times what the whole of England would need."""


class ChangeAsked(Reasons):
    """What a proposal of a change begins with, as it is described to clients: the portfolio may be left open, and a
    change of one body name it."""

    kind: ChangeKind
    route: Route | None = None
    portfolio: Slug | None = None
    organisation: Code | None = None


class ProposedChange(ChangeSpec, ChangeAsked):
    """A change of any kind. Which fields it needs depends on the kind; `resulting` names new bodies with name and
    form, and bodies that continue by their code alone."""

    originals: Annotated[list[Code], MANY_BODIES] = []
    resulting: Annotated[list[StatedBody | Continuing], MANY_BODIES] = []
    edges: Annotated[list[StatedShare], MANY_PARTS] = []
    links: Annotated[list[StatedLink], MANY_PARTS] = []
    moves: Annotated[list[StatedMove], MANY_PARTS] = []
    relationships: Annotated[list[StatedTie], MANY_PARTS] = []
    corrects: int | None = None

    @property
    def starts_from(self) -> list[str]:
        return self.originals or ([self.organisation] if self.organisation else [])

    def as_kept(self) -> dict[str, Any]:
        """The record that is kept of it, which `as_saved` reads."""
        return {"version": VERSION, **self.model_dump(mode="json", by_alias=True, exclude_unset=True)}

    @property
    def parts(self) -> int:
        """How many parts it names: what it takes to work it out grows with them."""
        named = (self.originals, self.resulting, self.edges, self.links, self.moves, self.relationships)
        return sum(len(each) for each in named)


class Successor(StatedBody):
    """The new statutory body of a succession; its form is the one the transition leads to."""

    form: Slug = ""


class ProposedTransition(Reasons):
    """One body to one form. With a `successor` it is a succession; without one the body stays and changes its level
    or designation, as the declared rules have it."""

    organisation: Code
    to_form: Slug
    successor: Successor | None = None

    def as_change(self, graph: TransitionGraph, from_form: str | None) -> ProposedChange:
        """The same as a change of any kind. Raises Invalid where the rules make a new body and none is named."""
        reasons = self.model_dump(include=set(Reasons.model_fields))
        if self.successor is not None:
            body = StatedBody.model_validate(self.successor.model_dump(by_alias=True) | {"form": self.to_form})
            return ProposedChange(
                kind=ChangeKind.TRANSITION,
                route=Route.SUCCESSION,
                originals=[self.organisation],
                resulting=[body],
                **reasons,
            )
        by_designation = graph.between(from_form or "", self.to_form, Route.DESIGNATION)
        by_level = graph.between(from_form or "", self.to_form, Route.LEVEL)
        if not (by_designation or by_level) and graph.between(from_form or "", self.to_form, Route.SUCCESSION):
            words = "This step makes a new statutory body: give the successor's code and name."
            raise Invalid([Problem("invalid", words, "/successor")])
        return ProposedChange(
            kind=ChangeKind.TRANSITION,
            route=Route.DESIGNATION if by_designation else Route.LEVEL,
            originals=[self.organisation],
            to_form=self.to_form,
            **reasons,
        )


class ProposedMerger(Reasons):
    """Two or more bodies into one: a new one with code, name and form, or one of them that continues, by its code."""

    originals: Annotated[list[Code], MANY_BODIES]
    resulting: StatedBody | Continuing
    relationships: Annotated[list[StatedTie], MANY_PARTS] = []
    moves: Annotated[list[StatedMove], MANY_PARTS] = []

    def as_change(self) -> ProposedChange:
        """The same as a change of any kind."""
        return ProposedChange(
            kind=ChangeKind.MERGER,
            originals=self.originals,
            resulting=[self.resulting],
            relationships=self.relationships,
            moves=self.moves,
            **self.model_dump(include=set(Reasons.model_fields)),
        )


Asked = TypeVar("Asked", bound=DocumentModel)


def proposed(model: type[Asked], data: Any) -> Asked:
    """Read a proposal that was typed into a form; codes are accepted in either case. Raises Invalid with everything
    wrong about it."""
    return _read(functools.partial(model.model_validate, data))


def sent(model: type[Asked], data: Any) -> Asked:
    """Read the body of a request as `proposed` does, and take each value only as the JSON type that it is described
    as: `false` and `"5"` are no numbers. Raises Invalid with everything wrong about it."""
    return _read(functools.partial(model.model_validate_json, orjson.dumps(data), strict=True))


def _read(read: Callable[..., Asked]) -> Asked:
    codes = CodesGiven()
    try:
        spec = read(context=codes)
        recorded = as_recorded(Organisation.with_struck_out.order_by(), codes.given)
        if all(code == given for given, code in recorded.items()):
            return spec
        return read(context=CodesGiven(recorded))
    except ValidationError as error:
        raise Invalid(
            [
                Problem("invalid", in_words(each), pointer(place_of(each["loc"])))
                for each in error.errors()
                if not is_other_branch(each)
            ]
        ) from None


VERSION = 1
"""The version of the records of proposals that are kept now."""

READERS: Mapping[int, Callable[[Any], ProposedChange]] = {1: ProposedChange.model_validate}
"""What reads the records of each version."""

UNREADABLE = "What this proposal asks for cannot be read any more. Withdraw it and propose the change again."


def as_saved(particulars: Any, **more: Any) -> ProposedChange:
    """A proposal as it is kept, with other values in some fields. A record that names no version is of the first.
    Raises Invalid where this version of the product cannot read what another one kept."""
    try:
        record = {**particulars, **more}
        return READERS[record.pop("version", 1)](record)
    except (ValidationError, TypeError, KeyError) as fault:
        raise Invalid([Problem("conflict", UNREADABLE)]) from fault


def backwards(spec: ProposedChange) -> Iterator[Problem]:
    """Relationships that end on or before the day they begin."""
    for at, relationship in enumerate(spec.relationships):
        if relationship.end is not None and relationship.end <= (relationship.start or spec.effective_on):
            yield Problem("invalid", "The relationship ends before it begins.", f"/relationships/{at}/end")


def citations(spec: ProposedChange) -> Iterator[tuple[str, str]]:
    """Where a proposal cites a source, and its slug."""
    stated: list[tuple[str, StatedProvenance]] = [
        (f"/relationships/{at}", relationship) for at, relationship in enumerate(spec.relationships)
    ]
    for at, body in enumerate(spec.resulting):
        if isinstance(body, StatedBody):
            stated.append((f"/resulting/{at}", body))
            stated += [(f"/resulting/{at}/populations/{of}", count) for of, count in enumerate(body.populations)]
            stated += [(f"/resulting/{at}/board/{of}", seats) for of, seats in enumerate(body.board)]
    for place, cited in stated:
        if cited.source:
            yield f"{place}/source", cited.source.partition(" ")[0]


def repointed(problem: Problem, names: Mapping[str, str]) -> Problem:
    """The same problem where the client's input has it: prefixes of its pointer replaced."""
    for ours, theirs in names.items():
        if problem.pointer == ours or problem.pointer.startswith(f"{ours}/"):
            return replace(problem, pointer=theirs + problem.pointer[len(ours) :])
    return problem


def pointers_of(spec: ProposedChange) -> dict[str, str]:
    """How the engine's pointers read in a change of any kind as it was asked for: the engine counts bodies that
    continue before new ones, and calls the one body of a change of name an original."""
    ordered = sorted(range(len(spec.resulting)), key=lambda at: isinstance(spec.resulting[at], StatedBody))
    names = {f"/resulting/{engine}": f"/resulting/{at}" for engine, at in enumerate(ordered) if engine != at}
    if spec.organisation and not spec.originals:
        names |= {"/originals/0": "/organisation", "/originals": "/organisation"}
    if spec.set is not None:
        names |= {"/to_form": "/set/to_form", "/name": "/set/name"}
    return names


OF_TRANSITION = {
    "/resulting/0/form": "/to_form",
    "/resulting/0": "/successor",
    "/originals/0": "/organisation",
    "/originals": "/organisation",
}
OF_MERGER = {"/resulting/0": "/resulting"}
"""How pointers of a change of any kind read in the simpler inputs."""
