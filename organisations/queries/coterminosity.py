"""Which bodies lie in exactly one council that no other such body shares, on any day.

Such bodies are those that answer for a population: primary care groups, trusts and later bodies. Filled by two queries
and kept in the process for as long as the data stay the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from organisations.domain.vocabulary import Family, RelationshipKind
from organisations.models import FormPeriod, Organisation, Relationship
from organisations.queries.spells import Spell, gathered
from pcorg.audit.memory import recall

COUNCIL = "local-authority"
SERVING_A_POPULATION = frozenset({Family.GROUPS_AND_TRUSTS.value, Family.LATER_BODIES.value})


@dataclass(frozen=True, slots=True)
class Coterminosity:
    """By code: when a body had a form that answers for a population, and the councils it lay in. `ended` holds the last
    day of each body that has ended."""

    serving: dict[str, tuple[Spell, ...]]
    councils: dict[str, tuple[Spell, ...]]
    ended: dict[str, date]

    def on(self, day: date) -> dict[str, bool]:
        """Of the bodies whose councils are known on a day: whether each lies in exactly one council in which no other
        such body lies."""
        known: dict[str, set[str]] = {}
        for code, spells in self.serving.items():
            if _any_holds(spells, day):
                places = {spell.value for spell in self.councils.get(code, ()) if spell.holds(day)}
                if places:
                    known[code] = places
        crowd = Counter(place for places in known.values() for place in places)
        return {code: len(places) == 1 and crowd[min(places)] == 1 for code, places in known.items()}

    def at_last(self, last_day: date) -> dict[str, bool]:
        """The same for each body on the last day of its life, or on `last_day` where it lives on."""
        by_day: dict[date, set[str]] = defaultdict(set)
        for code in self.serving:
            by_day[self.ended.get(code, last_day)].add(code)
        return {code: fits for day, codes in by_day.items() for code, fits in self.on(day).items() if code in codes}


def _any_holds(spells: Iterable[Spell], day: date) -> bool:
    return any(spell.holds(day) for spell in spells)


def coterminosity(portfolio: str | None = None) -> Coterminosity:
    """Of the bodies of the chosen portfolios: a slug, `all`, or None for all real ones."""
    return recall(("coterminosity", portfolio), lambda: _read(portfolio))


def _read(portfolio: str | None) -> Coterminosity:
    chosen = Organisation.objects.of_portfolio(portfolio).order_by().values("code")
    periods = FormPeriod.objects.filter(organisation__in=chosen, form__family__in=SERVING_A_POPULATION)
    rows = list(
        periods.order_by("organisation", "start").values_list(
            "organisation_id", "form_id", "start", "end", "organisation__closed"
        )
    )
    council = FormPeriod.objects.filter(organisation=OuterRef("object"), form=COUNCIL)
    ties = Relationship.objects.filter(Exists(council), kind=RelationshipKind.LOCATED_IN, subject__in=chosen)
    return Coterminosity(
        serving=gathered(row[:4] for row in rows),
        councils=gathered(ties.order_by("subject", "start").values_list("subject_id", "object_id", "start", "end")),
        ended={row[0]: row[4] - timedelta(days=1) for row in rows if row[4] is not None},
    )
