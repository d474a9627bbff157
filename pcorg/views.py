"""Pages that belong to no app."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pcorg.core.pages.scope import scope_of


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done so that everyone can use the pages, how it is checked, and what is known to fall short."""
    return render(request, "pages/accessibility.jinja", {"scope": scope_of(request)})


@require_safe
def api_guide(request: HttpRequest) -> HttpResponse:
    """How a program reads the same data: first requests, conventions, where the reference is."""
    scope = scope_of(request)
    context = {"scope": scope, "origin": f"{request.scheme}://{request.get_host()}"}
    return render(request, "pages/api-guide.jinja", context)
