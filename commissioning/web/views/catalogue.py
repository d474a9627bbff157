"""The catalogue of community services and the staff who provide them."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.models import Service, ServiceGroup, StaffGroup, StaffRole
from commissioning.web.presenters import catalogue as present
from pcorg.core.audit.memory import one_version
from pcorg.core.pages.scope import scope_of


@require_safe
@one_version()
def services(request: HttpRequest) -> HttpResponse:
    """Every service by its group, with its tier; every staff group and whom it serves."""
    scope = scope_of(request)
    about = scope.link("about-the-data")
    listed = Prefetch("services", Service.objects.select_related("source"))
    roles = Prefetch("roles", StaffRole.objects.select_related("source"))
    groups = present.catalogue(ServiceGroup.objects.select_related("source").prefetch_related(listed), about=about)
    staff = present.staff(StaffGroup.objects.prefetch_related(roles), about=about)
    context = {
        "scope": scope,
        "groups": groups,
        "service_count": sum(len(group.services) for group in groups),
        "tiers": present.TIERS,
        "described": [entry for entry in staff if entry.roles],
        "others": [entry for entry in staff if not entry.roles],
        "api": "/api/v1/services/",
        "csv": "/api/v1/services/?format=csv",
        "api_staff": "/api/v1/staff-groups/",
        "csv_staff": "/api/v1/staff-groups/?format=csv",
    }
    return render(request, "commissioning/services.jinja", context)
