"""An app above takes part in a change: its snapshot part, its operations, its checks, its totals, its writing.

The contributor here keeps a library of books by body, in memory. Books go where the people go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import pytest

from organisations import contributors
from organisations.domain.changes import ChangeRequest
from organisations.domain.checks import Finding
from organisations.domain.lifecycle import Step
from organisations.domain.operations import Operation
from organisations.domain.planning import Plan
from organisations.domain.snapshot import Draft, Snapshot
from organisations.domain.totals import Total
from organisations.domain.vocabulary import Outcome
from organisations.models import Change
from organisations.services.previews import Preview, preview
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedMerger
from pcorg.core.policies import Actor

pytestmark = pytest.mark.django_db
ANN = Actor("ann", commissions=True)
BOB = Actor("bob", commissions=True, approves=True)
ASKED = ProposedMerger.model_validate(
    {
        "originals": ["00F", "00G"],
        "resulting": {"code": "13T", "name": "Tyne", "form": "clinical-commissioning-group"},
        "effective_on": "2015-03-01",
    },
).as_change()


@dataclass(frozen=True)
class MoveBooks:
    """All books of one body go to another."""

    verb: ClassVar[str] = "move-books"
    giver: str
    receiver: str

    @property
    def subject(self) -> str:
        return self.giver

    def apply(self, draft: Draft) -> None:
        shelves = dict(draft.parts["library"])
        shelves[self.receiver] = shelves.get(self.receiver, 0) + shelves.pop(self.giver, 0)
        draft.parts["library"] = shelves

    def effect(self, before: Snapshot) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"books": before.parts["library"].get(self.giver, 0)}, {"receiver": self.receiver}


class Library(contributors.Contributor):
    name = "library"

    def __init__(self, shelves: dict[str, int]) -> None:
        self.shelves = shelves

    def part(self, codes: Sequence[str]) -> dict[str, int]:
        return {code: books for code, books in self.shelves.items() if code in codes}

    def operations(self, request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
        for edge in request.shares():
            yield MoveBooks(edge.original, edge.resulting)

    def findings(self, plan: Plan) -> Iterable[Finding]:
        if plan.after.parts["library"].get("13T", 0) > 100:
            yield Finding("management-capacity", Outcome.BLOCK, "Too many books for one shelf.", "pcorg-model")

    def totals(self, codes: Sequence[str], state: Snapshot, on: date) -> Mapping[str, Total]:
        return {"books": Total(sum(state.parts["library"].get(code, 0) for code in codes))}

    def write(self, operations: Sequence[Operation], *, change: Change | None) -> tuple[()]:
        for operation in operations:
            if isinstance(operation, MoveBooks):
                books = self.shelves.pop(operation.giver, 0)
                self.shelves[operation.receiver] = self.shelves.get(operation.receiver, 0) + books
        return ()


@pytest.fixture
def library() -> Iterator[Library]:
    made = Library({"00F": 30, "00G": 12})
    contributors.register(made)
    yield made
    contributors.withdraw("library")


def told(seen: Preview) -> list[str]:
    return [effect.subject for effect in seen.effects() if effect.operation == "move-books"]


def test_a_contributors_operations_are_previewed_and_then_written(library: Library) -> None:
    seen = preview(spec=ASKED)
    assert told(seen) == ["00F", "00G"]
    assert library.shelves == {"00F": 30, "00G": 12}
    made = propose(spec=ASKED, by=ANN)
    for step in (Step.APPROVE, Step.EFFECT):
        decide(change_id=made.pk, step=step, by=BOB)
    assert library.shelves == {"13T": 42}


def test_a_contributors_check_can_block(library: Library) -> None:
    library.shelves["00F"] = 400
    seen = preview(spec=ASKED)
    assert not seen.permitted
    (capacity,) = [finding for finding in seen.findings if finding.code == "management-capacity"]
    assert capacity in seen.blocks
    assert capacity.message.startswith("No evidence is recorded")
    assert capacity.message.endswith("Too many books for one shelf.")


def test_a_name_is_taken_once(library: Library) -> None:
    with pytest.raises(ValueError, match="registered already"):
        contributors.register(Library({}))
