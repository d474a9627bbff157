"""Provider arms of many trusts on a day: how far each is separated, and what its trust means to do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from commissioning.domain.vocabulary import ApproachList, Separation
from commissioning.models import Approach, ArmHolding, GroupHolding, ProviderArm
from commissioning.models.querysets import by_day
from organisations.selectors.periods import names_of
from pcorg.core.audit.memory import recall
from pcorg.core.batches import batches


@dataclass(frozen=True, slots=True)
class ArmOnDay:
    """An arm on a day with the trust it is part of, its approaches by slug, and its groups: how many there are, and for
    how many a form is chosen."""

    code: str
    title: str
    trust: str
    trust_name: str
    illustrative: bool
    separation: Separation
    since: date
    approaches: tuple[str, ...]
    groups: int
    chosen: int


@dataclass(frozen=True)
class Spread:
    """How many of the arms are at each state of separation, and how many take each approach, by slug."""

    arms: int
    separations: dict[Separation, int]
    approaches: dict[str, int]


def approaches() -> dict[str, tuple[str, ApproachList]]:
    """The label of each approach and the list it is from, by slug; kept in the process."""
    return recall(
        "approaches",
        lambda: {
            slug: (label, ApproachList(drawn_from))
            for slug, label, drawn_from in Approach.objects.order_by("position", "slug").values_list(
                "slug", "label", "drawn_from"
            )
        },
    )


def spread(rows: QuerySet[ArmHolding], on: date) -> Spread:
    """What the holdings in force on a day come to, each arm once; two queries."""
    states = Counter(rows.order_by().values_list("separation", flat=True))
    condition = by_day(on, "providerarm__approaches_on")
    taken = ProviderArm.approaches.through.objects.filter(condition, providerarm__in=rows.order_by().values("item"))
    return Spread(
        arms=sum(states.values()),
        separations={state: states[state.value] for state in Separation},
        approaches=dict(Counter(taken.values_list("approach_id", flat=True))),
    )


def arms(rows: Sequence[ArmHolding], on: date) -> list[ArmOnDay]:
    """The arms of holdings in force on a day, which come with their things and portfolios; three queries a batch."""
    taken: dict[str, list[str]] = defaultdict(list)
    groups: Counter[str] = Counter()
    chosen: Counter[str] = Counter()
    order = list(approaches())
    for batch in batches([row.item_id for row in rows]):
        pairs = ProviderArm.approaches.through.objects.filter(
            by_day(on, "providerarm__approaches_on"), providerarm__in=batch
        )
        for arm, approach in pairs.values_list("providerarm_id", "approach_id"):
            taken[arm].append(approach)
        group_holdings = GroupHolding.objects.as_of(on).filter(item__arm__in=batch)
        for arm, chosen_on in group_holdings.values_list("item__arm_id", "item__chosen_on"):
            groups[arm] += 1
            chosen[arm] += chosen_on is not None and chosen_on <= on
    names = names_of({row.organisation_id for row in rows}, on=on)
    return [
        ArmOnDay(
            code=row.item_id,
            title=row.item.title,
            trust=row.organisation_id,
            trust_name=names.get(row.organisation_id, row.organisation_id),
            illustrative=row.item.portfolio.illustrative,
            separation=Separation(row.separation),
            since=row.start,
            approaches=tuple(sorted(taken[row.item_id], key=order.index)),
            groups=groups[row.item_id],
            chosen=chosen[row.item_id],
        )
        for row in rows
    ]
