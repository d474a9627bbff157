"""What a document alters of what is recorded: the organisations that its new records speak of, by name, and the state
of the data that its review was made upon."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Max

from organisations.domain.vocabulary import ChangeStatus
from organisations.models import ChangeDecision, NamePeriod, Organisation, PortfolioLoad
from pcorg.core.batches import batches


@dataclass(frozen=True, slots=True)
class AlteredBody:
    """An organisation on record that a document says something new of, by its latest name."""

    code: str
    name: str
    portfolio: str


def altered(codes: Collection[str]) -> tuple[AlteredBody, ...]:
    """Those of some bodies that are on record, in the order of their codes."""
    found: list[AlteredBody] = []
    for batch in batches(sorted(codes)):
        rows = dict(Organisation.objects.filter(pk__in=batch).values_list("pk", "portfolio"))
        names = NamePeriod.objects.filter(organisation__in=rows).order_by("start")
        latest = dict(names.values_list("organisation_id", "name"))
        found += [AlteredBody(code, latest.get(code, ""), portfolio) for code, portfolio in sorted(rows.items())]
    return tuple(found)


def state_of(sha256: str, review: Sequence[Any], alters: Sequence[AlteredBody], upon: Iterable[str]) -> str:
    """SHA-256 of a file's own, of what it brings and alters by name, and of what was loaded into and carried out
    in the portfolios that it rests upon."""
    portfolios = sorted(upon)
    said = {
        "file": sha256,
        "review": [asdict(section) for section in review],
        "alters": [asdict(body) for body in alters],
        "loads": [_last(PortfolioLoad.objects.filter(portfolio=slug)) for slug in portfolios],
        "decisions": [
            _last(ChangeDecision.objects.filter(change__portfolio=slug, status=ChangeStatus.EFFECTED))
            for slug in portfolios
        ],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def _last(rows: Any) -> int | None:
    last: int | None = rows.aggregate(last=Max("pk"))["last"]
    return last
