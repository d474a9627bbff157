"""What a register says, whatever its layout: bodies, memberships and successions, each with its place.

Dates are half-open here: registers state the last day in force, and their readers move it on by one day.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import date

from organisations.registers.forms import FormFinding
from organisations.registers.oddities import Oddities, OddKind, Origin
from pcorg.core.vocabulary import Term


class RegisterKind(Term):
    """What a register lists."""

    PRACTICES = "practices", "General practices (epraccur)"
    TRUSTS = "trusts", "NHS trusts (etr) and care trusts (ect)"
    GROUPS = "groups", "Clinical commissioning groups (eccg)"
    AUTHORITIES = "authorities", "Authorities and primary care trusts (eauth)"
    MEMBERSHIPS = "memberships", "Practices and the bodies they belong to (epcmem)"
    SUCCESSIONS = "successions", "Bodies and their successors (succ)"
    REFERENCE_XML = "reference-xml", "Organisation reference data (XML)"


def cited(source: str, origin: Origin) -> str:
    """The citation of a record: the source's slug and the file."""
    return f"{source} {''.join(letter for letter in origin.file if letter.isprintable())[:150]}"


@dataclass(frozen=True, slots=True)
class RegisteredBody:
    """A body as a register states it. `opened` is None where that is not given; `closed` is the first day no longer
    in force. `form` is a slug of the forms; `inferred` says that the register does not state it. `became` is the form
    the body has taken since `became_on`, where that is known. `remarks` are what to report of the body where it is
    new."""

    code: str
    name: str
    form: str
    source: str
    origin: Origin
    opened: date | None = None
    closed: date | None = None
    inferred: bool = False
    note: str = ""
    became: str = ""
    became_on: date | None = None
    remarks: tuple[OddKind, ...] = ()

    @classmethod
    def found(
        cls,
        code: str,
        name: str,
        source: str,
        origin: Origin,
        life: tuple[date | None, date | None],
        finding: FormFinding,
    ) -> RegisteredBody:
        """A body with the form that was found for it, and the days of its life."""
        opened, closed = life
        return cls(code=code, name=name, source=source, origin=origin, opened=opened, closed=closed, **asdict(finding))

    @property
    def stated(self) -> tuple[str, str, str, date | None, date | None]:
        """What it says, wherever it stands."""
        return self.code, self.name, self.form, self.opened, self.closed


@dataclass(frozen=True, slots=True)
class RegisteredMembership:
    """A practice as a member of the body that commissions for it; `left` is the first day no longer a member."""

    member: str
    parent: str
    origin: Origin
    source: str
    joined: date | None = None
    left: date | None = None


@dataclass(frozen=True, slots=True)
class RegisteredSuccession:
    """One body said to follow another on a day."""

    old: str
    new: str
    on: date | None
    origin: Origin
    source: str


@dataclass
class Facts:
    """All that the files say. `passed_over` are codes that a file holds and that are no bodies here, so that what
    names them need not be reported again; `latest` is the last day each file speaks of."""

    bodies: dict[str, list[RegisteredBody]] = field(default_factory=lambda: defaultdict(list))
    memberships: list[RegisteredMembership] = field(default_factory=list)
    successions: list[RegisteredSuccession] = field(default_factory=list)
    passed_over: set[str] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, RegisterKind] = field(default_factory=dict)
    latest: dict[str, date] = field(default_factory=dict)
    oddities: Oddities = field(default_factory=Oddities)

    def speaks_of(self, file: str, day: date) -> None:
        """Note a day that a file speaks of."""
        if day > self.latest.get(file, date.min):
            self.latest[file] = day
