"""What an effected change did: totals of its bodies before and after, and the effects of its plan."""

from __future__ import annotations

from organisations.contributors import measures
from organisations.domain.effects import Effect, readable
from organisations.domain.totals import Totals
from organisations.domain.totals import totals_around as around
from organisations.domain.unwinding import unwound
from organisations.models import Change, ChangeEffects
from organisations.services.snapshots import snapshot_of, without
from pcorg.core.audit.memory import recall


def totals_around(change: Change, originals: list[str], resulting: list[str]) -> tuple[Totals, Totals]:
    """Totals of the originals as an effected change met them, and of what resulted from it, before any later change of
    the day; kept in the process."""

    def add_up() -> tuple[Totals, Totals]:
        state = snapshot_of(list(dict.fromkeys((*originals, *resulting))))
        moment = (change.effective_on, change.sequence)
        later = {past.change for past in state.history if past.effective_on == moment[0] and past.moment > moment}
        return around(
            originals,
            resulting,
            change.effective_on,
            without=unwound(without(state, later | {change.pk}), later | {change.pk}),
            with_it=unwound(without(state, later), later) if later else state,
            measures=measures(),
        )

    return recall(("totals-around", change.pk), add_up)


def effects_of_change(change: Change) -> list[Effect]:
    """What an effected change did: the effects of its plan, as they were stored when it was carried out."""
    stored = ChangeEffects.objects.filter(change=change).values_list("effects", flat=True).first()
    return list(readable(stored))
