"""Services provided, staff and premises: a row per holding in lists, and each in full."""

from __future__ import annotations

from typing import Annotated, NotRequired

from commissioning.domain.vocabulary import PremisesKind, Tier
from commissioning.read_models.holdings import (
    HeldSpell,
    HoldingItem,
    OwnedSpell,
    Pounds,
    ThingDetail,
    WholeTime,
    in_force,
    keys,
    named,
)
from organisations.read_models.organisations import BodyName
from pcorg.core.read_models import (
    LAST,
    SUPPLIED,
    Address,
    Converted,
    Source,
    without_nothing,
)


class ProvisionItem(HoldingItem):
    """Who provides a service for whose population: staff, cost a year, contacts a year. Null is unknown."""

    service: Annotated[str, "Slug of the service", Source("item.service_id")]
    group: Annotated[str, "Slug of its group", Source("item.service.group_id")]
    tier: Annotated[str | None, Source("item.service.tier"), Tier, Converted(without_nothing)]
    provider: Annotated[str, Source("provider_id")]
    population_of: Annotated[str, "Code of the body whose people it serves", Source("population_of_id")]
    wte: Annotated[WholeTime | None, "Whole-time equivalent staff"]
    annual_value: Pounds | None
    price_year: Annotated[str, Source("item.price_year")]
    contacts: Annotated[int | None, "Contacts a year"]
    round_the_clock: Annotated[bool, "Day and night, every day of the week", Source("item.round_the_clock")]
    premises: Annotated[list[str], "Codes of the premises it works from", SUPPLIED]
    url: NotRequired[Annotated[str, Address("api:provision-detail", "item_id"), LAST]]


class ProvisionSpell(HeldSpell):
    """Who provided a service for whose population."""

    provider: Annotated[BodyName, Source("provider_id"), Converted(named)]
    population_of: Annotated[BodyName, Source("population_of_id"), Converted(named)]
    wte: WholeTime | None
    annual_value: Pounds | None
    contacts: int | None


class ProvisionDetail(ThingDetail):
    """A service as bodies provided it over time."""

    service: Annotated[str, Source("service_id")]
    group: Annotated[str, Source("service.group_id")]
    tier: Annotated[str | None, Source("service.tier"), Tier, Converted(without_nothing)]
    round_the_clock: bool
    price_year: str
    premises: Annotated[list[str], Converted(keys)]
    holdings: list[ProvisionSpell]
    url: NotRequired[Annotated[str, Address("api:provision-detail", "code")]]


class StaffingItem(HoldingItem):
    """Staff of a group and who employs them."""

    staff_group: Annotated[str, "Slug of the staff group", Source("item.staff_group_id")]
    service: Annotated[str | None, "Slug of the service; null where it is several", Source("item.service_id")]
    organisation: Annotated[str, Source("organisation_id")]
    wte: Annotated[WholeTime, "Whole-time equivalent"]
    headcount: Annotated[int | None, "People"]
    url: NotRequired[Annotated[str, Address("api:staffing-detail", "item_id"), LAST]]


class StaffingSpell(OwnedSpell):
    """Who employed the staff."""

    wte: WholeTime
    headcount: int | None


class StaffingDetail(ThingDetail):
    """Staff of a group and who employed them."""

    staff_group: Annotated[str, Source("staff_group_id")]
    service: Annotated[str | None, Source("service_id")]
    holdings: Annotated[list[StaffingSpell], Converted(in_force)]
    url: NotRequired[Annotated[str, Address("api:staffing-detail", "code")]]


class PremisesItem(HoldingItem):
    """Premises and who holds them."""

    type: Annotated[str, Source("item.type"), PremisesKind]
    organisation: Annotated[str, Source("organisation_id")]
    built: Annotated[int | None, "Year", Source("item.built")]
    purpose_built: Annotated[bool | None, Source("item.purpose_built")]
    lift: Annotated[bool, "Of the Local Improvement Finance Trust programme", Source("item.lift")]
    url: NotRequired[Annotated[str, Address("api:premises-detail", "item_id"), LAST]]


class PremisesDetail(ThingDetail):
    """Premises, who held them and which services work from them."""

    type: Annotated[str, PremisesKind]
    built: int | None
    purpose_built: bool | None
    lift: bool
    provisions: Annotated[list[str], "Codes of the services provided from here", Converted(keys)]
    holdings: Annotated[list[OwnedSpell], Converted(in_force)]
    url: NotRequired[Annotated[str, Address("api:premises-detail", "code")]]
