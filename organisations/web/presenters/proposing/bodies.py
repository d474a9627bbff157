"""Fields in which a person names a body: by its code, or by words of its name with a choice of those that fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from organisations.domain.forms import TransitionGraph
from organisations.domain.vocabulary import ChangeKind
from organisations.selectors.choosing import MOST_FOUND, BodyCandidate, fitting
from organisations.web.presenters.proposing.kinds import FormShape
from pcorg.core.forms.typed import Typed


@dataclass(frozen=True)
class Slot:
    """What a field for a body holds: the text, the body it means, or those it may mean."""

    name_of_field: str
    text: str
    chosen: BodyCandidate | None = None
    found: tuple[BodyCandidate, ...] = ()
    more: int = 0
    on: date | None = None

    @property
    def code(self) -> str:
        """The code meant; the text itself where no body in force fits, for the engine to judge."""
        return self.chosen.code if self.chosen else self.text

    @property
    def name(self) -> str:
        """The name of the body meant, else what was typed."""
        return self.chosen.name if self.chosen else self.text

    @property
    def fault(self) -> str:
        """What keeps the text from meaning one body."""
        if self.chosen or not self.text:
            return ""
        if self.found:
            number = len(self.found) + self.more
            return f"{number} organisations fit “{self.text}”: choose one of them, or type its code"
        if any(letter.isspace() or not (letter.isalnum() or letter == "-") for letter in self.text):
            return f"No organisation that this change could start from fits “{self.text}”. Try part of its name"
        return ""


class Slots:
    """The fields for bodies of one form, each read once."""

    def __init__(self, typed: Typed, bodies: dict[str, BodyCandidate], *, suited: set[str], on: date) -> None:
        self._typed, self._bodies, self._suited, self._on = typed, bodies, suited, on
        self._read: dict[str, Slot] = {}

    def at(self, name: str) -> Slot:
        """The field of a name."""
        if name not in self._read:
            self._read[name] = self._slot(name)
        return self._read[name]

    @property
    def settled(self) -> dict[str, str]:
        """The fields read so far whose text means one body, with its code."""
        return {name: slot.chosen.code for name, slot in self._read.items() if slot.chosen}

    @property
    def codes(self) -> dict[str, str]:
        """The fields read so far that are filled in, with the code each means."""
        return {name: slot.code for name, slot in self._read.items() if slot.text}

    def _slot(self, name: str) -> Slot:
        text = self._typed[name][:200]
        picked = self._typed[f"pick-{name}"]
        if picked in self._bodies and self._typed[f"picked-for-{name}"] == text:
            return Slot(name, text, self._bodies[picked])
        exact = next((body for code, body in self._bodies.items() if code.casefold() == text.casefold()), None)
        if exact is not None:
            return Slot(name, text, exact)
        found = fitting(text, self._choice(name)) if text else []
        if len(found) == 1:
            return Slot(name, text, found[0])
        return Slot(name, text, None, tuple(found[:MOST_FOUND]), max(0, len(found) - MOST_FOUND), self._on)

    def _choice(self, name: str) -> Iterable[BodyCandidate]:
        """The bodies a field offers: for originals those that the rules let change so."""
        if name.startswith("originals-"):
            return (body for body in self._bodies.values() if body.form in self._suited)
        return self._bodies.values()


def suited_forms(shape: FormShape, graph: TransitionGraph, forms: Iterable[str], *, on: date) -> set[str]:
    """The forms whose bodies can take part in a change of this kind on a day: for a step, those that have one."""
    if shape.kind not in {ChangeKind.TRANSITION, ChangeKind.MERGER, ChangeKind.SEPARATION}:
        return set(forms)
    return {form for form in forms if any(rule.route in shape.routes for rule in graph.steps_from(form, on=on))}
