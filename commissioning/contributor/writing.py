"""Writing what a plan does to the things that bodies hold.

What corrections revise first, then closing before opening, in batches. Every ending counts the rows it met: where
another writer was there first, `Stale` is raised and the transaction undoes everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from commissioning.contributor.reading import columns_of, parties_from
from commissioning.domain.holdings import Holding, Parties
from commissioning.domain.operations import CloseHolding, OpenHolding, OpenItem
from commissioning.domain.revisions import ReviseHolding, ReviveHolding
from commissioning.domain.vocabulary import HoldingKind
from commissioning.models import MODELS, Contract, OutcomeMeasure
from commissioning.models.subjects import thing
from organisations.contributors import Stale
from organisations.domain.operations import Operation
from organisations.models import Change
from pcorg.core.audit.subjects import Subject
from pcorg.core.batches import BATCH, batches

RowKey = tuple[str, Parties, date]
"""A holding among those of its kind at one time: the thing, who holds it, and its first day."""

Values = tuple[tuple[str, Any], ...]


def write(operations: Sequence[Operation], *, change: Change | None) -> set[Subject]:
    """Write those of the operations that are commissioning's; gives the things whose rows it wrote. Raises Stale."""
    wrote: set[Subject] = set()
    sorted_out: dict[type, dict[HoldingKind, list[Any]]] = {kind: defaultdict(list) for kind in WRITTEN}
    for operation in operations:
        if type(operation) in WRITTEN:
            sorted_out[type(operation)][_kind_of(operation)].append(operation)
            wrote.add(_thing(operation))
    for kind, write_them in WRITTEN.items():
        for of, found in sorted_out[kind].items():
            write_them(of, found, change)
    return wrote


def _thing(operation: Any) -> Subject:
    if isinstance(operation, OpenItem):
        return thing(operation.item.kind, operation.item.code)
    return thing(operation.holding.kind, operation.holding.item)


def _kind_of(operation: Any) -> HoldingKind:
    kind: HoldingKind = (operation.item if isinstance(operation, OpenItem) else operation.holding).kind
    return kind


def _open_items(kind: HoldingKind, operations: Sequence[OpenItem], change: Change | None) -> None:
    """Make the things. Of their facts, those that name a many-to-many relation are codes or slugs of its far ends."""
    model: Any = MODELS[kind].thing()
    many = {field.name: field for field in model._meta.many_to_many}
    rows = []
    links: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for operation in operations:
        code = operation.item.code
        facts = {"services": sorted(operation.item.services), **operation.facts}
        for name in {*many, "services", "measures"}:
            links[name] += [(code, each) for each in facts.pop(name, ())]
        rows.append(model(code=code, title=operation.item.title, portfolio_id=operation.portfolio, **facts))
    model._default_manager.bulk_create(rows, batch_size=BATCH)
    for name, field in many.items():
        through = field.remote_field.through
        near, far = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        through._default_manager.bulk_create(
            [through(**{near: code, far: other}) for code, other in links[name]], batch_size=BATCH
        )
    OutcomeMeasure.objects.bulk_create(
        [OutcomeMeasure(contract_id=code, **measure) for code, measure in links["measures"]], batch_size=BATCH
    )


def _revise(kind: HoldingKind, operations: Iterable[ReviseHolding], change: Change | None) -> None:
    _end(kind, {each.holding: {"end": each.end, "due_end": each.due, "ended_by": change} for each in operations})


def _close(kind: HoldingKind, operations: Iterable[CloseHolding], change: Change | None) -> None:
    _end(
        kind,
        {
            each.holding: {"end": each.end, "due_end": each.holding.period.end, "ended_by": change}
            for each in operations
        },
    )


def _end(kind: HoldingKind, ends: Mapping[Holding, Mapping[str, Any]]) -> None:
    """Give holdings other ends. Raises Stale where one is not there or has got another end meanwhile."""
    expected = {_key(held): (held.period.end, tuple(values.items())) for held, values in ends.items()}
    held = MODELS[kind].objects
    for (was, values), keys in _found(kind, held.all(), expected).items():
        _update(held.filter(end__isnull=True) if was is None else held.filter(end=was), keys, values)


def _revive(kind: HoldingKind, operations: Sequence[ReviveHolding], change: Change | None) -> None:
    """What an undone change ended goes on. What it struck out before it began has its end on its first day."""
    undone = MODELS[kind].with_struck_out.filter(ended_by__in={each.holding.ended_by for each in operations})
    expected: dict[RowKey, Values] = {
        _key(each.holding): (("end", each.holding.due), ("due_end", None), ("ended_by", None)) for each in operations
    }
    for values, keys in _found(kind, undone, expected).items():
        _update(undone, keys, values)


def _key(holding: Holding) -> RowKey:
    return holding.item, holding.parties, holding.period.start


def _found(kind: HoldingKind, among: QuerySet, expected: Mapping[RowKey, Any]) -> Mapping[Any, list[int]]:
    """The rows of the holdings that are wanted, sorted out by what is to become of them. Raises Stale where one of
    them is not there."""
    model = MODELS[kind]
    columns = ("pk", "item", "start", *(role.value for role in model.parties))
    rows: dict[Any, list[int]] = defaultdict(list)
    updated = 0
    for batch in batches(sorted({item for item, _, _ in expected})):
        for row in among.filter(item__in=batch).order_by("pk").values(*columns).iterator():
            key = (row["item"], parties_from(model, row), row["start"])
            if key in expected:
                updated += 1
                rows[expected[key]].append(row["pk"])
    if updated != len(expected):
        raise Stale(f"of {len(expected)} holdings only {updated} are as they were")
    return rows


def _update(as_they_were: QuerySet, keys: Iterable[int], values: Values) -> None:
    """Alter rows. Raises Stale where one of them is not as it was any more."""
    for batch in batches(keys):
        if as_they_were.filter(pk__in=batch).update(**dict(values)) != len(batch):
            raise Stale("a holding has been given another end meanwhile")


def _open(kind: HoldingKind, operations: Sequence[OpenHolding], change: Change | None) -> None:
    model: Any = MODELS[kind]
    holdings = [operation.holding for operation in operations]
    agreements = _agreements(holdings) if kind is HoldingKind.CONTRACT else frozenset()
    model._default_manager.bulk_create(
        [
            model(
                start=holding.period.start,
                end=holding.period.end,
                begun_by=change,
                ended_by_id=holding.ended_by,
                due_end=holding.due,
                **columns_of(holding),
                **({"agreement": True} if holding.item in agreements else {}),
            )
            for holding in holdings
        ],
        batch_size=BATCH,
    )


def _agreements(holdings: Iterable[Holding]) -> frozenset[str]:
    """Codes of the contracts that are agreements: the rows of their holdings repeat it."""
    codes = sorted({holding.item for holding in holdings})
    return frozenset(
        code
        for batch in batches(codes)
        for code in Contract.objects.filter(pk__in=batch, type__agreement=True).values_list("pk", flat=True)
    )


WRITTEN: Mapping[type, Callable[[HoldingKind, Any, Change | None], None]] = {
    OpenItem: _open_items,
    ReviseHolding: _revise,
    ReviveHolding: _revive,
    CloseHolding: _close,
    OpenHolding: _open,
}
"""What is written for each operation, in the order in which it is written; of each, kind of thing by kind."""
