"""How commissioning takes part in changes of organisations (see `organisations.contributors`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date

from commissioning.contributor import wording
from commissioning.contributor.reading import held_by
from commissioning.contributor.writing import write
from commissioning.domain import totals
from commissioning.domain.checks import findings_of
from commissioning.domain.corrections import corrected
from commissioning.domain.holdings import NAME, Holdings
from commissioning.domain.movement import movements
from commissioning.domain.operations import held_in
from organisations.contributors import Contributor, EffectLine
from organisations.domain.changes import ChangeRequest
from organisations.domain.checks import Finding
from organisations.domain.effects import Effect
from organisations.domain.operations import Operation
from organisations.domain.planning import Plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.totals import Total
from organisations.domain.vocabulary import ChangeKind
from organisations.models import Change
from pcorg.core.audit.subjects import Subject


class Commissioning(Contributor):
    """Contracts, budgets, services, staff, premises, provider arms and their groups move with the bodies."""

    name = NAME
    totals_wording = wording.TOTALS

    def part(self, codes: Sequence[str]) -> Holdings:
        return held_by(codes)

    def named(self, part: Holdings) -> Iterable[str]:
        return part.bodies()

    def without(self, part: Holdings, changes: Container[int | None]) -> Holdings:
        return part.without(changes)

    def operations(self, request: ChangeRequest, snapshot: Snapshot) -> Iterator[Operation]:
        if request.kind is ChangeKind.CORRECTION:
            return corrected(request, snapshot)
        return movements(request, snapshot)

    def findings(self, plan: Plan) -> Iterable[Finding]:
        return findings_of(plan)

    def totals(self, codes: Sequence[str], state: Snapshot, on: date) -> Mapping[str, Total]:
        portfolios = {code: state.bodies[code].portfolio for code in codes if code in state.bodies}
        return totals.totals(portfolios, held_in(state), on)

    def write(self, operations: Sequence[Operation], *, change: Change | None) -> Collection[Subject]:
        return write(operations, change=change)

    def in_words(self, effect: Effect, name: Callable[[str], str]) -> EffectLine | None:
        return wording.in_words(effect, name)

    def bodies_in(self, effect: Effect) -> Iterable[str]:
        return wording.bodies_in(effect)
