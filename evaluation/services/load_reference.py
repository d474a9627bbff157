"""Loading the reference records of evaluation, after those of organisations: sources must be there."""

from __future__ import annotations

from collections import defaultdict

from evaluation.models import Criterion, Evidence, Framework, IntegrationOption, Mitigation
from organisations.services.load_reference import Loading


def frameworks(loading: Loading) -> None:
    """Frameworks, then their criteria."""
    for position, (entry, place) in enumerate(loading.entries("frameworks")):
        values = {"summary": "", **loading.cited(entry, place), "position": position}
        loading.put(Framework, {"slug": values.pop("slug", "")}, values, place)
    for position, (entry, place) in enumerate(loading.entries("criteria")):
        framework = entry.pop("framework", "")
        values = {**loading.cited(entry, place), "position": position, "framework_id": framework}
        if loading.known(Framework, [framework], (*place, "framework")):
            loading.put(Criterion, {"slug": values.pop("slug", "")}, values, place)


def integration_options(loading: Loading) -> None:
    """Ways of integrating community services."""
    for position, (entry, place) in enumerate(loading.entries("options")):
        values = {"summary": "", "thin": False, **loading.cited(entry, place), "position": position}
        loading.put(IntegrationOption, {"slug": values.pop("slug", "")}, values, place)


def evidence(loading: Loading) -> None:
    """What is said of each option on each criterion. A cell holds just the statements the file gives."""
    said: dict[tuple[str, str], int] = defaultdict(int)
    for entry, place in loading.entries("evidence"):
        option, criterion = str(entry.pop("option", "")), str(entry.pop("criterion", ""))
        values = {"qualified": False, "ambiguous": False, **loading.cited(entry, place)}
        known = loading.known(IntegrationOption, [option], (*place, "option"))
        if not (loading.known(Criterion, [criterion], (*place, "criterion")) and known):
            continue
        keys = {"option_id": option, "criterion_id": criterion, "position": said[option, criterion]}
        said[option, criterion] += 1
        loading.put(Evidence, keys, values, place)


def mitigations(loading: Loading) -> None:
    """What commissioners can do, and what limits it."""
    for position, (entry, place) in enumerate(loading.entries("mitigations")):
        criterion = str(entry.pop("criterion", ""))
        values = {"transform": "", "amount": None, **loading.cited(entry, place), "position": position}
        values["criterion_id"] = criterion
        if loading.known(Criterion, [criterion], (*place, "criterion")):
            loading.put(Mitigation, {"slug": values.pop("slug", "")}, values, place)


LOADERS = {
    "frameworks": frameworks,
    "integration-options": integration_options,
    "evidence": evidence,
    "mitigations": mitigations,
}
"""Files of evaluation under `fixtures/reference/`, in the order in which they are loaded."""
