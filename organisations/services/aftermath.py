"""What an effected change did: totals of its bodies before and after, and the rows it wrote, as effects."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q

from organisations.contributors import contributors, measures
from organisations.domain.effects import Effect
from organisations.domain.operations import count_in_words
from organisations.domain.totals import Totals
from organisations.domain.totals import totals_around as around
from organisations.domain.unwinding import unwound
from organisations.models import (
    BoardSeat,
    Change,
    ChangeMove,
    FormPeriod,
    LineageEdge,
    LineageLink,
    NamePeriod,
    Organisation,
    Population,
    Relationship,
)
from organisations.services.snapshots import count_of, snapshot_of, without
from pcorg.core.audit.memory import recall
from pcorg.core.batches import batches


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


def effects_of_change(change: Change, codes: list[str]) -> list[Effect]:
    """The effects that an effected change left in the record, by the bodies that took part in it."""
    own = [effect for batch in batches(codes) for effect in _effects(change, batch)]
    return own + [effect for contributor in contributors() for effect in contributor.effects(change)]


def _effects(change: Change, codes: list[str]) -> Iterator[Effect]:
    on = change.effective_on
    for code in Organisation.objects.filter(pk__in=codes, closed_by=change).values_list("pk", flat=True):
        yield Effect("close-organisation", code, {}, {"closed": on})
    first_forms = FormPeriod.objects.filter(organisation__in=codes, begun_by=change, start=F("organisation__opened"))
    for code in first_forms.values_list("organisation", flat=True):
        yield Effect("open-organisation", code, {}, {"opened": on})
    ended_forms = dict(
        FormPeriod.objects.filter(organisation__in=codes, ended_by=change).values_list("organisation_id", "form_id")
    )
    for code, form in FormPeriod.objects.filter(organisation__in=codes, begun_by=change).values_list(
        "organisation_id", "form_id"
    ):
        yield Effect("open-form", code, {"form": ended_forms.get(code)}, {"form": form})
    ended_names = dict(
        NamePeriod.objects.filter(organisation__in=codes, ended_by=change).values_list("organisation_id", "name")
    )
    for code, name in NamePeriod.objects.filter(organisation__in=codes, begun_by=change).values_list(
        "organisation_id", "name"
    ):
        yield Effect("open-name", code, {"name": ended_names.get(code)}, {"name": name})
    for edge in LineageEdge.objects.filter(change=change, original__in=codes):
        told = {"resulting": edge.resulting_id, "share": str(edge.share), "basis": edge.basis}
        yield Effect("record-lineage", edge.original_id, {}, told | ({"of": edge.of} if edge.of else {}))
    for link in LineageLink.objects.filter(change=change, original__in=codes):
        told = {"resulting": link.resulting_id, "share": str(link.share), "basis": link.basis}
        yield Effect("record-link", link.original_id, {}, told)
    for move in ChangeMove.objects.filter(change=change, giver__in=codes):
        yield Effect("move-item", move.giver_id, {}, {"what": move.what, "with": move.receiver_id})
    for row in Population.with_struck_out.filter(organisation__in=codes, begun_by=change):
        yield Effect("record-population", row.organisation_id, {}, count_in_words(count_of(row)))
    for seat in BoardSeat.objects.filter(organisation__in=codes, begun_by=change):
        yield Effect("open-seat", seat.organisation_id, {}, {"constituency": seat.constituency, "seats": seat.seats})
    ties = Relationship.objects.filter(Q(subject__in=codes) | Q(object__in=codes))
    for tie in ties.filter(ended_by=change).order_by("pk"):
        yield Effect("close-relationship", tie.subject_id, {"kind": tie.kind, "organisation": tie.object_id}, {})
    for tie in ties.filter(begun_by=change).order_by("pk"):
        yield Effect("open-relationship", tie.subject_id, {}, {"kind": tie.kind, "organisation": tie.object_id})
