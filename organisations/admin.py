"""The admin of reference records, for data administrators, with import and export.

Bodies, periods, lineage and changes are not here: only the plan writer makes those.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from organisations.exchange.admin import ReferenceAdmin
from organisations.models import Form, GlossaryTerm, PolicyCheck, Source, TransitionRule

admin.site.site_header = "pcorg reference records"
admin.site.site_title = "pcorg reference records"
admin.site.index_title = "Reference records"

CITATION: tuple[str, Any] = ("Where this is known from", {"fields": ("source", "locator", "note")})


@admin.register(Source)
class SourceAdmin(ReferenceAdmin):
    """Documents and registers."""

    list_display = ("slug", "title", "author", "year", "licence")
    list_filter = ("year", "publisher")
    search_fields = ("slug", "title", "author", "publisher")


@admin.register(Form)
class FormAdmin(ReferenceAdmin):
    """Organisational forms."""

    list_display = ("label", "slug", "family", "level", "nature", "first_date", "last_date", "source")
    list_filter = ("family", "level", "nature", "pilot", "free_standing")
    list_select_related = ("source",)
    search_fields = ("slug", "label", "plural", "summary")
    autocomplete_fields = ("source",)
    filter_horizontal = ("accountable_to", "checks")
    fieldsets = (
        (None, {"fields": ("slug", "label", "plural", "family", "level", "nature", "summary", "position")}),
        (
            "What such a body may do",
            {
                "fields": (
                    "free_standing",
                    "pilot",
                    "advises",
                    "holds_budget",
                    "commissions",
                    "provides_primary_care",
                    "provides_community_services",
                    "provides_social_care",
                    "commissioning_share",
                    "commissioning_note",
                    "accountable_to",
                )
            },
        ),
        (
            "When, and for how many people",
            {
                "fields": (
                    "first_date",
                    "last_date",
                    "population_min",
                    "population_max",
                    "population_expected",
                    "population_note",
                    "ods_role",
                )
            },
        ),
        ("What is asked of such a body", {"fields": ("checks",)}),
        CITATION,
    )


@admin.register(PolicyCheck)
class PolicyCheckAdmin(ReferenceAdmin):
    """Checks that a proposed change must meet: how strict each is and what it is asked of. How a check is worked out is
    part of the product, so none is added or deleted here."""

    list_display = ("code", "title", "severity", "applies", "settled_by", "position", "source")
    list_filter = ("severity", "applies", "settled_by")
    readonly_fields = ("code", "settled_by")
    list_select_related = ("source",)
    search_fields = ("code", "title", "question")
    autocomplete_fields = ("source",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PolicyCheck | None = None) -> bool:
        return False

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)


@admin.register(TransitionRule)
class TransitionRuleAdmin(ReferenceAdmin):
    """Steps of the declared transition graph."""

    list_display = (
        "from_form",
        "to_form",
        "route",
        "earliest",
        "latest",
        "check_count",
    )
    list_display_links = ("from_form", "to_form")
    list_filter = ("route", "checks", "from_form__family")
    list_select_related = ("from_form", "to_form")
    search_fields = ("from_form__slug", "from_form__label", "to_form__slug", "to_form__label")
    autocomplete_fields = ("from_form", "to_form", "source")
    filter_horizontal = ("checks",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TransitionRule]:
        return super().get_queryset(request).annotate(check_count=Count("checks"))

    @admin.display(description="checks", ordering="check_count")
    def check_count(self, rule: TransitionRule) -> int:
        """How many policy checks the step must meet."""
        return rule.check_count  # type: ignore[attr-defined]  # annotated above


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(ReferenceAdmin):
    """Terms and acronyms."""

    list_display = ("term", "abbreviation", "meaning", "source")
    list_filter = ("source",)
    list_select_related = ("source",)
    search_fields = ("term", "abbreviation", "meaning")
    autocomplete_fields = ("source",)
    filter_horizontal = ("see",)
