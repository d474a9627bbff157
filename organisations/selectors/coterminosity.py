"""Which bodies lie in exactly one council that no other such body shares, on any day.

Such bodies are those that answer for a population: primary care groups, trusts and later bodies, each beside those of
its kind alone, as the check of a change judges them. Filled by two queries and kept in the process for as long as the
data stay the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from organisations.domain.forms import COUNCIL, area_kind
from organisations.domain.vocabulary import Family, RelationshipKind
from organisations.models import FormPeriod, Organisation, Relationship
from organisations.selectors.periods import DatedValue, values_by_code
from pcorg.core.audit.kinds import RECORDED
from pcorg.core.audit.memory import recall

SERVING_A_POPULATION = frozenset({Family.GROUPS_AND_TRUSTS.value, Family.LATER_BODIES.value})


@dataclass(frozen=True, slots=True)
class Coterminosity:
    """By code: of which kind that answers for a population a body was when, and the councils it lay in. `ended` holds
    the last day of each body that has ended."""

    serving: dict[str, tuple[DatedValue, ...]]
    councils: dict[str, tuple[DatedValue, ...]]
    ended: dict[str, date]

    def on(self, day: date) -> dict[str, bool]:
        """Of the bodies whose councils are known on a day: whether each lies in exactly one council in which no other
        such body lies."""
        areas: dict[str, set[tuple[str, str]]] = {}
        for code, periods in self.serving.items():
            kind = next((period.value for period in periods if period.holds(day)), None)
            councils = {period.value for period in self.councils.get(code, ()) if period.holds(day)}
            if kind is not None and councils:
                areas[code] = {(kind, council) for council in councils}
        sharing = Counter(area for own in areas.values() for area in own)
        return {code: len(own) == 1 and sharing[min(own)] == 1 for code, own in areas.items()}

    def at_last(self, last_day: date) -> dict[str, bool]:
        """The same for each body on the last day of its life, or on `last_day` where it lives on."""
        by_day: dict[date, set[str]] = defaultdict(set)
        for code in self.serving:
            by_day[self.ended.get(code, last_day)].add(code)
        return {code: fits for day, codes in by_day.items() for code, fits in self.on(day).items() if code in codes}


def coterminosity(portfolio: str | None = None) -> Coterminosity:
    """Of the bodies of the chosen portfolios: a slug, `all`, or None for all real ones."""
    return recall(("coterminosity", portfolio), lambda: _read(portfolio), rests_on=RECORDED)


def _read(portfolio: str | None) -> Coterminosity:
    chosen = Organisation.objects.of_portfolio(portfolio).order_by().values("code")
    periods = FormPeriod.objects.filter(organisation__in=chosen, form__family__in=SERVING_A_POPULATION)
    rows = list(
        periods.order_by("organisation", "start").values_list(
            "organisation_id", "form_id", "start", "end", "form__family", "organisation__closed"
        )
    )
    council = FormPeriod.objects.filter(organisation=OuterRef("object"), form=COUNCIL)
    relationships = Relationship.objects.filter(Exists(council), kind=RelationshipKind.LOCATED_IN, subject__in=chosen)
    return Coterminosity(
        serving=values_by_code(
            (code, area_kind(form, family), start, end) for code, form, start, end, family, _ in rows
        ),
        councils=values_by_code(
            relationships.order_by("subject", "start").values_list("subject_id", "object_id", "start", "end")
        ),
        ended={code: closed - timedelta(days=1) for code, *_, closed in rows if closed is not None},
    )
