"""The catalogue of services and the staff groups, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from commissioning.domain.vocabulary import ClientGroup, Tier
from commissioning.models import Service, ServiceGroup, StaffGroup, StaffRole
from organisations.web.presenters.references import Citation, cited


@dataclass(frozen=True)
class ServiceEntry:
    """A service with its tier in words; no words where the source's figure does not name it."""

    anchor: str
    label: str
    tier: str
    note: str
    citation: Citation | None


@dataclass(frozen=True)
class GroupEntry:
    """A group of services."""

    slug: str
    label: str
    summary: str
    note: str
    citation: Citation | None
    services: list[ServiceEntry]


@dataclass(frozen=True)
class RoleEntry:
    """What a staff group does for whom; `note` says what the source leaves open."""

    client_group: str
    text: str
    note: str
    citation: Citation | None


@dataclass(frozen=True)
class StaffEntry:
    """A staff group. One without roles is told by its summary alone."""

    anchor: str
    label: str
    summary: str
    roles: list[RoleEntry]


TIERS = [
    (Tier.CORE.label, "What every portfolio of community services rests on."),
    (Tier.SPECIALIST.label, "For people with particular needs."),
    (Tier.WITH_OTHERS.label, "Provided together with councils, hospitals, schools or others."),
]
"""What the tiers mean, in our words."""


def catalogue(groups: Iterable[ServiceGroup], *, about: str) -> list[GroupEntry]:
    """The groups with their services; services and sources are loaded. `about`: the page about the data."""
    return [
        GroupEntry(
            slug=group.slug,
            label=group.label,
            summary=group.summary,
            note=group.note,
            citation=cited(group, about=about),
            services=[_service(service, about) for service in group.services.all()],
        )
        for group in groups
    ]


def staff(groups: Iterable[StaffGroup], *, about: str) -> list[StaffEntry]:
    """The staff groups with whom they serve; roles and sources are loaded."""
    return [
        StaffEntry(
            anchor=f"staff-{group.slug}",
            label=group.label,
            summary=group.summary,
            roles=[_role(role, about) for role in group.roles.all()],
        )
        for group in groups
    ]


def _service(service: Service, about: str) -> ServiceEntry:
    return ServiceEntry(
        anchor=f"service-{service.slug}",
        label=service.label,
        tier=Tier.stored(service.tier).label if service.tier else "",
        note=service.note,
        citation=cited(service, about=about),
    )


def _role(role: StaffRole, about: str) -> RoleEntry:
    return RoleEntry(
        client_group=ClientGroup(role.client_group).label,
        text=role.text,
        note=role.note,
        citation=cited(role, about=about),
    )
