"""Which form for which group of services, and what one form for all of them would cost.

Each group has an assessment of its own. The best option of a group is the one that comes first most often; what another
costs is how much lower its value is, in points of the 0 to 100 scale. Weighing groups by what they spend is ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RankedOption:
    """What an assessment says of an option: its value (0 to 100) and how often it comes first (0 to 1)."""

    value: float
    first: float


@dataclass(frozen=True, slots=True)
class DispersedGroup:
    """A group of services: its options by key, its weight among the groups (pounds a year, say; not below nothing),
    and the option chosen in spite of the ranking, if any."""

    name: str
    options: Mapping[str, RankedOption]
    weight: float = 1.0
    override: str | None = None

    @property
    def best(self) -> str:
        """The option that comes first most often; the more valuable of equals."""
        return max(self.options, key=lambda key: (self.options[key].first, self.options[key].value, key))

    @property
    def chosen(self) -> str:
        """The option chosen: the best, unless another was chosen for a reason."""
        return self.override or self.best

    def loss(self, key: str) -> float:
        """How much less an option is worth than the best, in points; below nothing where it is worth more, for what
        comes first most often need not have the highest value."""
        return self.options[self.best].value - self.options[key].value


@dataclass(frozen=True, slots=True)
class OneForAll:
    """One option for every group: the mean loss in points, and the loss in each group."""

    option: str
    loss: float
    by_group: tuple[float, ...]


def one_for_all(groups: Sequence[DispersedGroup]) -> list[OneForAll]:
    """What each option that every group has would cost for all of them, cheapest first. Groups count by their weights,
    or all alike where these are nothing. Empty where no option is common to all."""
    if not groups:
        return []
    common = set(groups[0].options).intersection(*(group.options for group in groups[1:]))
    total = sum(group.weight for group in groups)
    shares = [group.weight / total if total > 0 else 1 / len(groups) for group in groups]
    found = []
    for option in common:
        losses = tuple(group.loss(option) for group in groups)
        mean = sum(share * loss for share, loss in zip(shares, losses, strict=True))
        found.append(OneForAll(option, mean, losses))
    return sorted(found, key=lambda each: (each.loss, each.option))
