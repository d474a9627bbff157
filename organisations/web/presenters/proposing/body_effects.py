"""What a change does to each body, in plain words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from organisations.contributors import EffectLine, contributors
from organisations.domain.effects import Effect
from organisations.domain.vocabulary import Constituency, RelationshipKind, ShareBasis

Name = Callable[[str], str]

MOST_NAMED = 8
MOST_LISTED = 200
"""Lines of one list on a page. The API lists everything."""
MEMBER = RelationshipKind.MEMBER_OF.value


@dataclass(frozen=True)
class Listing:
    """Many like effects on one body: what they come to, a line for each of the first, and how many more there are."""

    summary: str
    lines: list[str]
    more: int


@dataclass
class BodyEffects:
    """What happens to one body: sentences in order, then what is counted and listed."""

    code: str
    name: str
    sentences: list[str] = field(default_factory=list)
    lists: list[Listing] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """What effects are described with: names of bodies by their codes, labels of forms by their slugs, and which bodies
    open and end by the same change."""

    name: Name
    forms: Mapping[str, str]
    opening: frozenset[str]
    ending: frozenset[str]

    def names(self, codes: list[str]) -> str:
        """The names of the first of many bodies, and how many more there are."""
        named = [self.name(code) for code in codes[:MOST_NAMED]]
        more = len(codes) - MOST_NAMED
        return _joined([*named, f"{more} more"] if more > 0 else named)


def effects_by_body(effects: Iterable[Effect], name: Name, forms: Mapping[str, str]) -> list[BodyEffects]:
    """Effects grouped by the body they concern, in the order in which bodies are first named. Members are described
    with the body they join or leave; relationships that end because a body ends are only counted."""
    effects = list(effects)
    opening, ending = (
        frozenset(effect.subject for effect in effects if effect.operation == operation)
        for operation in ("open-organisation", "close-organisation")
    )
    grouped = _Grouped(Known(name, forms, opening, ending))
    for effect in effects:
        grouped.add(effect)
    return grouped.by_body()


class _Grouped:
    """Sentences and lists by body, and the relationships and seats that make one sentence together."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._sentences: dict[str, list[str]] = defaultdict(list)
        self._lists: dict[str, dict[tuple[str, str, str], list[EffectLine]]] = defaultdict(dict)
        self._seats: dict[str, list[str]] = defaultdict(list)
        self._related: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._left: dict[str, list[str]] = defaultdict(list)
        self._joined: dict[str, list[str]] = defaultdict(list)
        self._ended: Counter[str] = Counter()
        self._revised: Counter[str] = Counter()

    def add(self, effect: Effect) -> None:
        match effect.operation:
            case "open-relationship":
                self._open_relationship(effect)
            case "close-relationship":
                self._close_relationship(effect)
            case "revise-relationship" | "reopen-relationship":
                self._revised[effect.subject] += 1
            case "open-seat":
                label = Constituency.stored(effect.after["constituency"]).label
                self._seats[effect.subject].append(f"{label} {effect.after['seats']}")
            case operation if operation in SENTENCES:
                if sentence := SENTENCES[operation](effect, self._known):
                    self._sentences[effect.subject].append(sentence)
            case operation if operation not in DESCRIBED_BY_OTHERS:
                self._contributed(effect)

    def _contributed(self, effect: Effect) -> None:
        """An operation of an app above: listed where the app has words for it."""
        found = (contributor.in_words(effect, self._known.name) for contributor in contributors())
        line = next((each for each in found if each is not None), None)
        sentences = self._sentences[effect.subject]
        if line is None:
            sentences.append(_in_general(effect))
        else:
            self._lists[effect.subject].setdefault((line.wording, line.one, line.many), []).append(line)

    def _open_relationship(self, effect: Effect) -> None:
        code, kind, other = effect.subject, effect.after["kind"], effect.after["organisation"]
        if kind == MEMBER:
            self._joined[other].append(code)
            return
        opening = self._known.opening
        if RelationshipKind(kind).symmetric and other in opening and code not in opening:
            code, other = other, code
        self._sentences.setdefault(code, [])  # its place among the bodies is that of its first relationship
        self._related[code, kind].append(other)

    def _close_relationship(self, effect: Effect) -> None:
        code, kind, other = effect.subject, effect.before["kind"], effect.before["organisation"]
        if code in self._known.ending or other in self._known.ending:
            self._ended[code if code in self._known.ending else other] += 1
        elif kind == MEMBER:
            self._left[other].append(code)
        else:
            self._sentences[code].append(f"No longer {_relationship(kind).lower()} {self._known.name(other)}.")

    def by_body(self) -> list[BodyEffects]:
        known, sentences = self._known, self._sentences
        for code, seats in self._seats.items():
            sentences[code].append(f"Its board: {_joined(seats)}.")
        for (code, kind), others in self._related.items():
            sentences[code].append(f"{_relationship(kind)} {known.names(others)}.")
        for code, members in self._left.items():
            if code not in known.ending:
                counted = _count(members, "member leaves", "members leave")
                sentences[code].append(f"{counted}: {known.names(members)}.")
        for code, members in self._joined.items():
            sentences[code].append(f"{_count(members, 'member joins', 'members join')}: {known.names(members)}.")
        for code, number in self._ended.items():
            ties = "1 tie to another organisation ends" if number == 1 else f"{number} ties to other organisations end"
            sentences[code].append(f"{ties} with it.")
        for code, number in self._revised.items():
            sentences[code].append(f"{'1 tie is' if number == 1 else f'{number} ties are'} put right with it.")
        effects = (BodyEffects(code, known.name(code), said, self._lists_of(code)) for code, said in sentences.items())
        return [each for each in effects if each.sentences or each.lists]

    def _lists_of(self, code: str) -> list[Listing]:
        return [
            Listing(_summary(*key, lines), [line.words for line in lines[:MOST_LISTED]], len(lines[MOST_LISTED:]))
            for key, lines in self._lists.get(code, {}).items()
        ]


def _open_form(effect: Effect, known: Known) -> str:
    form, before = effect.after["form"], effect.before.get("form")
    label = _lower(known.forms.get(form, form))
    return (
        f"Becomes a {label}; it was a {_lower(known.forms.get(before, before))}." if before else f"Its form is {label}."
    )


def _open_name(effect: Effect, known: Known) -> str:
    before = effect.before.get("name")
    return f"Is called {effect.after['name']}; it was called {before}." if before else ""


def _record_population(effect: Effect, known: Known) -> str:
    people, before = effect.after["population"], effect.before.get("population")
    least = "at least " if effect.after.get("at_least") else ""
    was = f"; it was {before:,}" if before is not None and effect.subject not in known.opening else ""
    computed = f" Computed from {_parts(effect.after['parts'], known.name)}." if "parts" in effect.after else ""
    return f"Serves {least}{people:,} people{was}.{computed}"


def _close_board(effect: Effect, known: Known) -> str:
    seats = effect.before["seats"]
    return f"Its board of {seats} {'seat' if seats == 1 else 'seats'} is dissolved."


def _record_lineage(effect: Effect, known: Known) -> str:
    share, other = Decimal(effect.after["share"]), known.name(effect.after["resulting"])
    basis = ShareBasis(effect.after["basis"])
    if share == 0:
        return f"Passes services, and no people, to {other}."
    if share == 1:
        return f"All its people pass to {other}."
    measured = f", by {basis.label.lower()}" if basis is not ShareBasis.POPULATION else ""
    return f"{_percent(share)} of its people pass to {other}{measured}."


def _move_item(effect: Effect, known: Known) -> str:
    what = effect.after["what"]
    name = known.name(what)
    named = f"{name} ({what})" if name != what else what
    return f"{named} goes to {known.name(effect.after['with'])}."


def _revise_end(effect: Effect, known: Known) -> str:
    if effect.after["fact"] != "life":
        return ""  # its forms, names and seats follow its life, or are described by what takes their place
    end = effect.after["end"]
    if end == effect.after["start"]:
        return "Is struck out: it never began."
    return f"{_day(end)} is the first day without it."


def _rebase_lineage(effect: Effect, known: Known) -> str:
    shares = [
        f"{_percent(Decimal(part['share']))} to {known.name(part['resulting'])}" for part in effect.after["shares"]
    ]
    to = f", and its people pass: {_joined(shares)}" if shares else ""
    return f"Takes their place in change {effect.after['change']}{to}."


SENTENCES: Mapping[str, Callable[[Effect, Known], str]] = {
    "open-organisation": lambda effect, _: f"Opens on {_day(effect.after['opened'])}.",
    "close-organisation": lambda effect, _: (
        f"Comes to an end; {_day(effect.after['closed'])} is the first day without it."
    ),
    "open-form": _open_form,
    "open-name": _open_name,
    "record-population": _record_population,
    "reinstate-population": lambda effect, _: (
        f"The count of {effect.after['population']:,} people before it that day stands again."
    ),
    "withdraw-population": lambda effect, _: (
        f"The count of {effect.before['population']:,} people that it led to is taken back."
    ),
    "close-board": _close_board,
    "record-lineage": _record_lineage,
    "supersede-lineage": lambda effect, _: f"Its shares in change {effect.before['change']} no longer count.",
    "rebase-lineage": _rebase_lineage,
    "undo-change": lambda effect, _: f"Change {effect.before['change']} is struck out. It stays readable.",
    "move-item": _move_item,
    "revise-end": _revise_end,
    "reopen-fact": lambda effect, _: "Goes on: it did not come to an end." if effect.after["fact"] == "life" else "",
}
"""A sentence for each operation that has one of its own; empty where there is nothing to say."""

DESCRIBED_BY_OTHERS = {"close-form", "close-name", "supersede-population"}
"""Operations that the opening of what comes after describes too."""


def _parts(parts: list[dict[str, Any]], name: Callable[[str], str]) -> str:
    """The counts that a population was computed from, with their shares and days."""
    described = []
    for part in parts:
        share = Decimal(part["share"])
        of = name(part["code"]) if share == 1 else f"{_percent(share)} of {name(part['code'])}"
        if part["count"] is None:
            described.append(f"{of} (not recorded)")
        else:
            least = "at least " if part["at_least"] else ""
            described.append(f"{of} ({least}{part['count']:,} on {_day(date.fromisoformat(part['on']))})")
    return _joined(described)


def _summary(wording: str, one: str, many: str, lines: list[EffectLine]) -> str:
    """How many there are, and what they are worth a year as far as that is known."""
    worth = [line.pounds for line in lines if line.pounds is not None]
    pounds = f" (£{sum(worth):,.2f} a year)" if any(worth) else ""
    return f"{wording.format(f'{len(lines):,} {one if len(lines) == 1 else many}{pounds}')}."


def _in_general(effect: Effect) -> str:
    """An operation that has no words of its own here: what it is about, what is so afterwards, and why."""
    about = {name: effect.after.get(name) or effect.before.get(name) for name in ("title", "code")}
    facts = [f"{about['title']} ({about['code']})"] if about["title"] else []
    facts += [
        f"{key.replace('_', ' ')} {_fact(value)}"
        for key, value in effect.after.items()
        if value is not None and key not in {*about, "because"}
    ]
    words = effect.operation.replace("-", " ").capitalize()
    sentence = f"{words}: {', '.join(facts)}." if facts else f"{words}."
    return f"{sentence} {effect.after['because']}." if "because" in effect.after else sentence


def _fact(value: Any) -> str:
    return _day(value) if isinstance(value, date) else str(value)


def _relationship(kind: str) -> str:
    return {
        RelationshipKind.ACCOUNTABLE_TO.value: "Answers to",
        RelationshipKind.OPERATED_BY.value: "Run by",
        RelationshipKind.LOCATED_IN.value: "Lies in",
        RelationshipKind.SERVES.value: "Serves people of",
    }.get(kind, RelationshipKind.stored(kind).label)


def _lower(label: str) -> str:
    """A form's label inside a sentence; an acronym at its head keeps its capitals."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _count(listed: list[str], one: str, many: str) -> str:
    return f"1 {one}" if len(listed) == 1 else f"{len(listed)} {many}"


def _percent(share: Decimal) -> str:
    text = f"{share * 100:.2f}".rstrip("0").rstrip(".")
    return f"{text}%"


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"
