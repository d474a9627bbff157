"""Loading the reference records of commissioning, after those of organisations: forms and sources must be there."""

from __future__ import annotations

from commissioning.domain.vocabulary import PointKind
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
from organisations.services.load_reference import Loading, ReferenceTable, lists

STAFF_GROUPS = ReferenceTable(StaffGroup, optional=("summary",))
ROLES = ReferenceTable(StaffRole, key=("staff_group", "client_group"), optional=("ambiguous",))
OPTIONS = ReferenceTable(ArmOption, key=("form",), optional=(*LEGAL_ATTRIBUTES, "regulator"))
POINTS = ReferenceTable(ArmOptionPoint, key=("option", "kind", "position"), optional=("ambiguous",))


def staff_groups(loading: Loading) -> None:
    """Staff groups, each with what it does for whom."""
    for position, (entry, place) in enumerate(loading.entries("staff_groups")):
        roles = loading.parts(entry, "roles", place)
        group = loading.put(STAFF_GROUPS, loading.cited(entry, place), place, position)
        if group is not None:
            stated = [
                loading.put(ROLES, {**loading.cited(role, where), "staff_group": group.pk}, where, number)
                for number, (role, where) in enumerate(roles)
            ]
            loading.keep(group.roles.all(), stated)


def provider_arm_options(loading: Loading) -> None:
    """The forms a provider arm may take, each with its benefits and risks. An attribute that is left out is unknown."""
    for position, (entry, place) in enumerate(loading.entries("options")):
        points = {
            PointKind.BENEFIT: loading.parts(entry, "benefits", place),
            PointKind.RISK: loading.parts(entry, "risks", place),
        }
        option = loading.put(OPTIONS, loading.cited(entry, place), place, position)
        if option is not None:
            stated = [
                loading.put(
                    POINTS, {**loading.cited(point, where), "option": option.pk, "kind": kind.value}, where, number
                )
                for kind, of_kind in points.items()
                for number, (point, where) in enumerate(of_kind)
            ]
            loading.keep(option.points.all(), stated)


LOADERS = {
    "services": lists(
        groups=ReferenceTable(ServiceGroup, optional=("summary",)),
        services=ReferenceTable(Service, optional=("tier",)),
    ),
    "staff-groups": staff_groups,
    "contract-types": lists(contract_types=ReferenceTable(ContractType, optional=("agreement",))),
    "approaches": lists(approaches=ReferenceTable(Approach, optional=("axis", "summary"))),
    "recommendations": lists(recommendations=ReferenceTable(Recommendation, optional=("theme",))),
    "provider-arm-options": provider_arm_options,
}
"""Files of commissioning under `fixtures/reference/`, in the order in which they are loaded."""
