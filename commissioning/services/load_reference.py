"""Loading the reference records of commissioning, after those of organisations: forms and sources must be there."""

from __future__ import annotations

from typing import Any

from django.db import models

from commissioning.domain.vocabulary import Answer, PointKind
from commissioning.models import (
    Approach,
    ArmOption,
    ArmOptionPoint,
    ContractType,
    Recommendation,
    Service,
    ServiceGroup,
    StaffGroup,
    StaffRole,
)
from commissioning.models.reference import LEGAL_ATTRIBUTES
from organisations.portfolios.reading import Place
from organisations.services.load_reference import Loading


def services(loading: Loading) -> None:
    """The five groups, then the services in them."""
    _listed(loading, "groups", ServiceGroup, {"summary": ""})
    for position, (entry, place) in enumerate(loading.entries("services")):
        values = {"tier": "", "group_id": entry.pop("group", ""), **loading.cited(entry, place), "position": position}
        loading.put(Service, {"slug": values.pop("slug", "")}, values, place)


def staff_groups(loading: Loading) -> None:
    """Staff groups, each with what it does for whom."""
    for position, (entry, place) in enumerate(loading.entries("staff_groups")):
        roles = loading.parts(entry, "roles", place)
        values = {"summary": "", **loading.cited(entry, place), "position": position}
        group = loading.put(StaffGroup, {"slug": values.pop("slug", "")}, values, place)
        if group is not None:
            stated = [_role(loading, group, number, role, where) for number, (role, where) in enumerate(roles)]
            loading.keep(group.roles.all(), stated)


def _role(loading: Loading, group: StaffGroup, position: int, entry: dict[str, Any], place: Place) -> StaffRole | None:
    values = {"ambiguous": False, **loading.cited(entry, place), "position": position}
    keys = {"staff_group_id": group.pk, "client_group": values.pop("client_group", "")}
    return loading.put(StaffRole, keys, values, place)


def contract_types(loading: Loading) -> None:
    """Kinds of contract."""
    _listed(loading, "contract_types", ContractType, {"agreement": False})


def approaches(loading: Loading) -> None:
    """Stances and routes."""
    _listed(loading, "approaches", Approach, {"axis": "", "summary": ""})


def recommendations(loading: Loading) -> None:
    """What the report recommends, and to whom."""
    _listed(loading, "recommendations", Recommendation, {"theme": ""})


def provider_arm_options(loading: Loading) -> None:
    """The forms a provider arm may take, each with its benefits and risks. An attribute that is left out is unknown."""
    unstated = dict.fromkeys(LEGAL_ATTRIBUTES, Answer.UNKNOWN.value)
    for position, (entry, place) in enumerate(loading.entries("options")):
        points = {
            PointKind.BENEFIT: loading.parts(entry, "benefits", place),
            PointKind.RISK: loading.parts(entry, "risks", place),
        }
        values = {**unstated, "regulator": "", **loading.cited(entry, place), "position": position}
        option = loading.put(ArmOption, {"form_id": values.pop("form", "")}, values, place)
        if option is not None:
            stated = [
                _point(loading, {"option_id": option.pk, "kind": kind.value, "position": number}, point, where)
                for kind, of_kind in points.items()
                for number, (point, where) in enumerate(of_kind)
            ]
            loading.keep(option.points.all(), stated)


def _point(loading: Loading, keys: dict[str, Any], entry: dict[str, Any], place: Place) -> ArmOptionPoint | None:
    return loading.put(ArmOptionPoint, keys, {"ambiguous": False, **loading.cited(entry, place)}, place)


def _listed(loading: Loading, key: str, model: type[models.Model], unstated: dict[str, Any]) -> None:
    """A list of records with a slug, in the order of the file; `unstated` is what a field left out stands for."""
    for position, (entry, place) in enumerate(loading.entries(key)):
        values = {**unstated, **loading.cited(entry, place), "position": position}
        loading.put(model, {"slug": values.pop("slug", "")}, values, place)


LOADERS = {
    "services": services,
    "staff-groups": staff_groups,
    "contract-types": contract_types,
    "approaches": approaches,
    "recommendations": recommendations,
    "provider-arm-options": provider_arm_options,
}
"""Files of commissioning under `fixtures/reference/`, in the order in which they are loaded."""
