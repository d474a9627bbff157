"""Up to four organisations side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.selectors import organisations as queries
from organisations.web.presenters import compare as present
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.pages.scope import scope_of

MOST = 4


@require_safe
@one_version()
def compare(request: HttpRequest) -> HttpResponse:
    """The organisations of the parameter `code`, given up to four times, as at the day shown. Those that were not in
    force then, or that no one knows, are named above the table."""
    scope = scope_of(request)
    codes_requested = Address.of(request).texts("code")
    found, missing = [], []
    for code in codes_requested[:MOST]:
        try:
            found.append(queries.detail(code, on=scope.on))
        except queries.UnknownOrganisation:
            missing.append(present.Missing(code, "No organisation has this code.", ""))
        except queries.NotInForce as absent:
            missing.append(present.not_in_force(absent.organisation, absent.opened, absent.closed, scope))
    codes = [body["code"] for body in found]
    context = {
        "scope": scope,
        "asked": codes_requested[:MOST],
        "dropped": codes_requested[MOST:],
        "missing": missing,
        "columns": present.columns(found, scope),
        "lines": present.lines(found, scope),
        "api": [scope.api(f"organisations/{code}/", portfolio=None) for code in codes],
        "csv": scope.api("organisations/", code=",".join(codes), format="csv", portfolio="all") if codes else "",
    }
    return render(request, "organisations/compare.jinja", context)
