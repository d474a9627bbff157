"""The admin of evaluation's reference records, for data administrators, with import and export.

Assessments are not here: they are made, judged and approved on the pages and by the API, where roles apply.
"""

from __future__ import annotations

from django.contrib import admin

from evaluation.models import Criterion, Evidence, Framework, IntegrationOption, Mitigation
from organisations.exchange.admin import ReferenceAdmin


@admin.register(Framework)
class FrameworkAdmin(ReferenceAdmin):
    """Sets of criteria."""

    list_display = ("label", "slug", "position", "source")
    list_select_related = ("source",)
    search_fields = ("slug", "label", "summary")
    autocomplete_fields = ("source",)


@admin.register(Criterion)
class CriterionAdmin(ReferenceAdmin):
    """What options are asked."""

    list_display = ("label", "slug", "framework", "position", "source")
    list_filter = ("framework",)
    list_select_related = ("framework", "source")
    search_fields = ("slug", "label", "text")
    autocomplete_fields = ("framework", "source")


@admin.register(IntegrationOption)
class IntegrationOptionAdmin(ReferenceAdmin):
    """Ways of integrating community services."""

    list_display = ("label", "slug", "thin", "position", "source")
    list_filter = ("thin",)
    list_select_related = ("source",)
    search_fields = ("slug", "label", "summary")
    autocomplete_fields = ("source",)


@admin.register(Evidence)
class EvidenceAdmin(ReferenceAdmin):
    """What the sources say of options on criteria."""

    list_display = ("option", "criterion", "polarity", "qualified", "ambiguous", "text")
    list_filter = ("option", "criterion", "polarity", "qualified", "ambiguous")
    list_select_related = ("option", "criterion")
    search_fields = ("text",)
    autocomplete_fields = ("option", "criterion", "source")


@admin.register(Mitigation)
class MitigationAdmin(ReferenceAdmin):
    """Load the mitigations that commissioners can plan, and their limits."""

    list_display = ("slug", "criterion", "kind", "transform", "amount", "text")
    list_filter = ("criterion", "kind", "transform")
    list_select_related = ("criterion",)
    search_fields = ("slug", "text")
    autocomplete_fields = ("criterion", "source")
