"""The admin of commissioning's reference records, for data administrators, with import and export.

Contracts, budgets, services provided and whatever else bodies hold are not here: only the plan writer makes those.
"""

from __future__ import annotations

from django.contrib import admin

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
from organisations.exchange.admin import ReferenceAdmin


@admin.register(ServiceGroup)
class ServiceGroupAdmin(ReferenceAdmin):
    """Groups of community services."""

    list_display = ("label", "slug", "position", "source")
    list_select_related = ("source",)
    search_fields = ("slug", "label", "summary")
    autocomplete_fields = ("source",)


@admin.register(Service)
class ServiceAdmin(ReferenceAdmin):
    """The catalogue of community services."""

    list_display = ("label", "slug", "group", "tier", "position", "source")
    list_filter = ("group", "tier")
    list_select_related = ("group", "source")
    search_fields = ("slug", "label")
    autocomplete_fields = ("group", "source")


@admin.register(StaffGroup)
class StaffGroupAdmin(ReferenceAdmin):
    """Professions and other groups of staff."""

    list_display = ("label", "slug", "position", "source")
    list_filter = ("source",)
    list_select_related = ("source",)
    search_fields = ("slug", "label", "summary")
    autocomplete_fields = ("source",)


@admin.register(StaffRole)
class StaffRoleAdmin(ReferenceAdmin):
    """What a staff group does for whom."""

    list_display = ("staff_group", "client_group", "text", "ambiguous", "position")
    list_filter = ("staff_group", "client_group", "ambiguous")
    list_select_related = ("staff_group",)
    search_fields = ("staff_group__slug", "staff_group__label", "text")
    autocomplete_fields = ("staff_group", "source")


@admin.register(ContractType)
class ContractTypeAdmin(ReferenceAdmin):
    """Kinds of contract."""

    list_display = ("label", "slug", "agreement", "position", "source")
    list_filter = ("agreement",)
    list_select_related = ("source",)
    search_fields = ("slug", "label", "summary")
    autocomplete_fields = ("source",)


@admin.register(Approach)
class ApproachAdmin(ReferenceAdmin):
    """Stances and routes of trusts."""

    list_display = ("label", "slug", "drawn_from", "axis", "position", "source")
    list_filter = ("drawn_from", "axis")
    list_select_related = ("source",)
    search_fields = ("slug", "label", "summary")
    autocomplete_fields = ("source",)


@admin.register(Recommendation)
class RecommendationAdmin(ReferenceAdmin):
    """What the report recommends, and to whom."""

    list_display = ("slug", "text", "addressee", "theme", "source")
    list_filter = ("addressee", "theme")
    list_select_related = ("source",)
    search_fields = ("slug", "text", "theme")
    autocomplete_fields = ("source",)


@admin.register(ArmOption)
class ArmOptionAdmin(ReferenceAdmin):
    """Forms a provider arm may take, with their legal attributes."""

    list_display = ("form", "separate_entity", "charity", "pensions", "regulator", "position", "source")
    list_filter = ("form__family", "separate_entity", "charity", "pensions")
    list_select_related = ("form", "source")
    search_fields = ("form__slug", "form__label", "regulator")
    autocomplete_fields = ("form", "source")


@admin.register(ArmOptionPoint)
class ArmOptionPointAdmin(ReferenceAdmin):
    """Benefits and risks of those forms."""

    list_display = ("option", "kind", "position", "text", "ambiguous", "locator")
    list_filter = ("kind", "ambiguous", "option")
    list_select_related = ("option",)
    search_fields = ("option__form__slug", "text")
    autocomplete_fields = ("option", "source")
