"""Codes are accepted in either case and kept as they are recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet
from django.db.models.functions import Upper

from pcorg.core.batches import batches

ILLUSTRATIVE = "X-"
"""How the codes of illustrative portfolios begin."""


def as_recorded(rows: QuerySet, codes: Iterable[str]) -> dict[str, str]:
    """The recorded code of each code given, whatever its case, among rows whose key is a code.

    A code that is recorded exactly as given is itself. One that matches nothing, or several codes that differ only in
    their case, is left out. One query per batch, and one more for those not recorded exactly so.
    """
    wanted = [code for code in dict.fromkeys(codes) if code.isascii() and code.isprintable()]
    found: dict[str, str] = {}
    for batch in batches(wanted):
        found.update({code: code for code in rows.filter(pk__in=batch).values_list("pk", flat=True)})
    others = [code for code in wanted if code not in found]
    in_capitals: dict[str, list[str]] = defaultdict(list)
    for batch in batches(dict.fromkeys(code.upper() for code in others)):
        alike = rows.annotate(in_capitals=Upper("pk")).filter(in_capitals__in=batch)
        for code in alike.values_list("pk", flat=True):
            in_capitals[code.upper()].append(code)
    for code in others:
        if len(alike_codes := in_capitals[code.upper()]) == 1:
            found[code] = alike_codes[0]
    return found


def recorded_code(rows: QuerySet, code: str) -> str | None:
    """The recorded code of one code given; None where there is none."""
    return as_recorded(rows, [code]).get(code)


def is_illustrative(code: str) -> bool:
    """Whether a code is one of an illustrative portfolio."""
    return code.upper().startswith(ILLUSTRATIVE)
