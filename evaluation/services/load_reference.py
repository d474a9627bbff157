"""Loading the reference records of evaluation, after those of organisations: sources must be there."""

from __future__ import annotations

from collections import Counter

from evaluation.models import Criterion, Evidence, Framework, IntegrationOption, Mitigation
from organisations.services.load_reference import Loading, ReferenceTable, lists

STATEMENTS = ReferenceTable(
    Evidence,
    key=("option", "criterion", "position"),
    optional=("qualified", "ambiguous"),
    existing=("option", "criterion"),
)


def evidence(loading: Loading) -> None:
    """What is said of each option on each criterion. A cell holds just the statements the file gives."""
    of_cell: Counter[tuple[str, str]] = Counter()
    for entry, place in loading.entries("evidence"):
        cell = str(entry.get("option", "")), str(entry.get("criterion", ""))
        loading.put(STATEMENTS, loading.cited(entry, place), place, of_cell[cell])
        of_cell[cell] += 1


LOADERS = {
    "frameworks": lists(
        frameworks=ReferenceTable(Framework, optional=("summary",)),
        criteria=ReferenceTable(Criterion, existing=("framework",)),
    ),
    "integration-options": lists(options=ReferenceTable(IntegrationOption, optional=("summary", "thin"))),
    "evidence": evidence,
    "mitigations": lists(
        mitigations=ReferenceTable(Mitigation, optional=("transform", "amount"), existing=("criterion",))
    ),
}
"""Files of evaluation under `fixtures/reference/`, in the order in which they are loaded."""
