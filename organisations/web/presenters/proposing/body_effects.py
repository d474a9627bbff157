"""What a change does to each body, in plain words."""

from __future__ import annotations

from collections import defaultdict
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
    told: list[str] = field(default_factory=list)
    lists: list[Listing] = field(default_factory=list)


def told_by_body(
    effects: Iterable[Effect], name: Name, forms: Mapping[str, str], *, moved_on: date
) -> list[BodyEffects]:
    """Effects grouped by the body they concern, in the order in which bodies are first named. Members are told with
    the body they join or leave; ties that end because a body ends are only counted."""
    effects = list(effects)
    teller = _Teller(name, forms, moved_on)
    teller.ending = {effect.subject for effect in effects if effect.operation == "close-organisation"}
    teller.opening = {effect.subject for effect in effects if effect.operation == "open-organisation"}
    for effect in effects:
        teller.take(effect)
    return teller.done()


class _Teller:
    """Gathers sentences by body."""

    def __init__(self, name: Name, forms: Mapping[str, str], on: date) -> None:
        self.name, self.forms, self.on = name, forms, on
        self.ending: set[str] = set()
        self.opening: set[str] = set()
        self._told: dict[str, list[str]] = {}
        self._joined: dict[str, list[str]] = defaultdict(list)
        self._left: dict[str, list[str]] = defaultdict(list)
        self._ties_ended: dict[str, int] = defaultdict(int)
        self._tied: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._ties_revised: dict[str, int] = defaultdict(int)
        self._seats: dict[str, list[str]] = defaultdict(list)
        self._listed: dict[str, dict[tuple[str, str, str], list[EffectLine]]] = {}

    def say(self, code: str, words: str) -> None:
        self._told.setdefault(code, [])
        if words:
            self._told[code].append(words)

    def take(self, effect: Effect) -> None:
        tell = getattr(self, f"_{effect.operation.replace('-', '_')}", None)
        if tell is not None:
            tell(effect)
        elif effect.operation not in _TOLD_OTHERWISE:
            self._contributed(effect)

    def _contributed(self, effect: Effect) -> None:
        """An operation of an app above: listed where the app has words for it."""
        found = (contributor.in_words(effect, self.name) for contributor in contributors())
        line = next((each for each in found if each is not None), None)
        if line is None:
            self.say(effect.subject, _in_general(effect))
            return
        self.say(effect.subject, "")
        lists = self._listed.setdefault(effect.subject, {})
        lists.setdefault((line.wording, line.one, line.many), []).append(line)

    def done(self) -> list[BodyEffects]:
        for code, seats in self._seats.items():
            self.say(code, f"Its board: {_joined(seats)}.")
        for (code, kind), others in self._tied.items():
            self.say(code, f"{_tied(kind)} {self._names(others)}.")
        for code, members in self._left.items():
            if code not in self.ending:
                self.say(code, f"{_count(members, 'member leaves', 'members leave')}: {self._names(members)}.")
        for code, members in self._joined.items():
            self.say(code, f"{_count(members, 'member joins', 'members join')}: {self._names(members)}.")
        for code, number in self._ties_ended.items():
            ties = "1 tie to another organisation ends" if number == 1 else f"{number} ties to other organisations end"
            self.say(code, f"{ties} with it.")
        for code, number in self._ties_revised.items():
            self.say(code, f"{'1 tie is' if number == 1 else f'{number} ties are'} put right with it.")
        effects = (BodyEffects(code, self.name(code), told, self._lists_of(code)) for code, told in self._told.items())
        return [each for each in effects if each.told or each.lists]

    def _lists_of(self, code: str) -> list[Listing]:
        return [
            Listing(_summary(*key, lines), [line.words for line in lines[:MOST_LISTED]], len(lines[MOST_LISTED:]))
            for key, lines in self._listed.get(code, {}).items()
        ]

    def _names(self, codes: list[str]) -> str:
        named = [self.name(code) for code in codes[:MOST_NAMED]]
        more = len(codes) - MOST_NAMED
        return _joined([*named, f"{more} more"] if more > 0 else named)

    def _open_organisation(self, effect: Effect) -> None:
        self.say(effect.subject, f"Opens on {_day(effect.after['opened'])}.")

    def _close_organisation(self, effect: Effect) -> None:
        self.say(effect.subject, f"Comes to an end; {_day(effect.after['closed'])} is the first day without it.")

    def _open_form(self, effect: Effect) -> None:
        form, before = self.forms.get(effect.after["form"], effect.after["form"]), effect.before.get("form")
        was = f"; it was a {_lower(self.forms.get(before, before))}" if before else ""
        self.say(effect.subject, f"{'Its form is' if not was else 'Becomes a'} {_lower(form)}{was}.")

    def _open_name(self, effect: Effect) -> None:
        before = effect.before.get("name")
        if before:
            self.say(effect.subject, f"Is called {effect.after['name']}; it was called {before}.")

    def _open_relationship(self, effect: Effect) -> None:
        kind, other = effect.after["kind"], effect.after["organisation"]
        if kind == MEMBER:
            self._joined[other].append(effect.subject)
        elif RelationshipKind(kind).symmetric and other in self.opening and effect.subject not in self.opening:
            self._tie(other, kind, effect.subject)
        else:
            self._tie(effect.subject, kind, other)

    def _tie(self, code: str, kind: str, other: str) -> None:
        self.say(code, "")
        self._tied[code, kind].append(other)

    def _close_relationship(self, effect: Effect) -> None:
        kind, other = effect.before["kind"], effect.before["organisation"]
        if effect.subject in self.ending or other in self.ending:
            ends = effect.subject if effect.subject in self.ending else other
            self._ties_ended[ends] += 1
        elif kind == MEMBER:
            self._left[other].append(effect.subject)
        else:
            self.say(effect.subject, f"No longer {_tied(kind).lower()} {self.name(other)}.")

    def _record_population(self, effect: Effect) -> None:
        people, before = effect.after["population"], effect.before.get("population")
        least = "at least " if effect.after.get("at_least") else ""
        was = f"; it was {before:,}" if before is not None and effect.subject not in self.opening else ""
        computed = f" Computed from {_parts(effect.after['parts'], self.name)}." if "parts" in effect.after else ""
        self.say(effect.subject, f"Serves {least}{people:,} people{was}.{computed}")

    def _reinstate_population(self, effect: Effect) -> None:
        self.say(effect.subject, f"The count of {effect.after['population']:,} people before it that day stands again.")

    def _open_seat(self, effect: Effect) -> None:
        label = Constituency.stored(effect.after["constituency"]).label
        self._seats[effect.subject].append(f"{label} {effect.after['seats']}")

    def _close_board(self, effect: Effect) -> None:
        seats = effect.before["seats"]
        self.say(effect.subject, f"Its board of {seats} {'seat' if seats == 1 else 'seats'} is dissolved.")

    def _record_lineage(self, effect: Effect) -> None:
        share, other = Decimal(effect.after["share"]), self.name(effect.after["resulting"])
        basis = ShareBasis(effect.after["basis"])
        if share == 0:
            self.say(effect.subject, f"Passes services, and no people, to {other}.")
        elif share == 1:
            self.say(effect.subject, f"All its people pass to {other}.")
        else:
            measured = f", by {basis.label.lower()}" if basis is not ShareBasis.POPULATION else ""
            self.say(effect.subject, f"{_percent(share)} of its people pass to {other}{measured}.")

    def _move_item(self, effect: Effect) -> None:
        what = effect.after["what"]
        known = self.name(what)
        named = f"{known} ({what})" if known != what else what
        self.say(effect.subject, f"{named} goes to {self.name(effect.after['with'])}.")

    def _revise_end(self, effect: Effect) -> None:
        if effect.after["fact"] != "life":
            return  # its forms, names and seats follow its life, or are told by what takes their place
        end = effect.after["end"]
        if end == effect.after["start"]:
            self.say(effect.subject, "Is struck out: it never began.")
        else:
            self.say(effect.subject, f"{_day(end)} is the first day without it.")

    def _revise_relationship(self, effect: Effect) -> None:
        self._ties_revised[effect.subject] += 1

    def _reopen_fact(self, effect: Effect) -> None:
        if effect.after["fact"] == "life":
            self.say(effect.subject, "Goes on: it did not come to an end.")

    def _reopen_relationship(self, effect: Effect) -> None:
        self._ties_revised[effect.subject] += 1

    def _supersede_lineage(self, effect: Effect) -> None:
        self.say(effect.subject, f"Its shares in change {effect.before['change']} no longer count.")

    def _rebase_lineage(self, effect: Effect) -> None:
        shares = [
            f"{_percent(Decimal(part['share']))} to {self.name(part['resulting'])}" for part in effect.after["shares"]
        ]
        to = f", and its people pass: {_joined(shares)}" if shares else ""
        self.say(effect.subject, f"Takes their place in change {effect.after['change']}{to}.")

    def _undo_change(self, effect: Effect) -> None:
        self.say(effect.subject, f"Change {effect.before['change']} is struck out. It stays readable.")

    def _withdraw_population(self, effect: Effect) -> None:
        self.say(effect.subject, f"The count of {effect.before['population']:,} people that it led to is taken back.")


def _parts(parts: list[dict[str, Any]], name: Callable[[str], str]) -> str:
    """The counts that a population was computed from, with their shares and days."""
    told = []
    for part in parts:
        share = Decimal(part["share"])
        of = name(part["code"]) if share == 1 else f"{_percent(share)} of {name(part['code'])}"
        if part["count"] is None:
            told.append(f"{of} (not recorded)")
        else:
            least = "at least " if part["at_least"] else ""
            told.append(f"{of} ({least}{part['count']:,} on {_day(date.fromisoformat(part['on']))})")
    return _joined(told)


_TOLD_OTHERWISE = {"close-form", "close-name", "supersede-population"}


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
        f"{key.replace('_', ' ')} {_said(value)}"
        for key, value in effect.after.items()
        if value is not None and key not in {*about, "because"}
    ]
    words = effect.operation.replace("-", " ").capitalize()
    told = f"{words}: {', '.join(facts)}." if facts else f"{words}."
    return f"{told} {effect.after['because']}." if "because" in effect.after else told


def _said(value: Any) -> str:
    return _day(value) if isinstance(value, date) else str(value)


def _tied(kind: str) -> str:
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
