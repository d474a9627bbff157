"""What pages show that no list of the API holds, as comma-separated values."""

from __future__ import annotations

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from organisations.selectors import changes as queries
from organisations.web.presenters.changes import SHARES, ChangedBody, givers_of, sift
from organisations.web.views.home import yearly
from pcorg.core.accounts.roles import actor_of
from pcorg.core.api.streaming import sheet
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.pages.scope import scope_of


@require_safe
@one_version()
def series(request: HttpRequest) -> StreamingHttpResponse:
    """The figures of the home page year by year: a row per day and form."""
    rows = [
        {
            "as_of": point["as_of"],
            "form": form["form"],
            "label": form["label"],
            "family": form["family"],
            "bodies": form["count"],
        }
        for point in yearly(scope_of(request))
        for form in point["forms"]
    ]
    return sheet(rows, ["as_of", "form", "label", "family", "bodies"], "bodies-by-form")


@require_safe
@one_version()
def shares(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The shares of a change, as its page narrows them."""
    detail = queries.detail(number, actor_of(request.user))
    names = detail["names"]
    givers = givers_of(detail["edges"], lambda code: ChangedBody(code, names.get(code, code), ""))
    bases = {(edge["original"], edge["resulting"]): edge["basis"] for edge in detail["edges"]}
    address = Address.of(request)
    query = {"body": address.text("body"), "shares": address.choice("shares", SHARES)}
    rows = [
        {
            "change": number,
            "effective_on": detail["effective_on"],
            "original": giver.original.code,
            "original_name": giver.original.name,
            "resulting": part.resulting.code,
            "resulting_name": part.resulting.name,
            "share": part.share,
            "basis": bases[giver.original.code, part.resulting.code],
        }
        for giver in sift(givers, **query)
        for part in giver.parts
    ]
    columns = ["change", "effective_on", "original", "original_name", "resulting", "resulting_name", "share", "basis"]
    return sheet(rows, columns, f"change-{number}-shares")
