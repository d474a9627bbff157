"""A trust's resources beside those of peers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.selectors.benchmark import (
    MOST_PEERS,
    Benchmark,
    benchmark_of,
    candidates,
    require_in_force,
)
from commissioning.web.presenters import benchmark as present
from organisations.selectors import choosing
from pcorg.core.api.streaming import table
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.forms.base import summary_of
from pcorg.core.pages.scope import Scope, scope_of
from pcorg.core.refusals import NotFound

Faults = list[tuple[str, str]]


@require_safe
@one_version()
def benchmark(request: HttpRequest) -> HttpResponseBase:
    """The benchmark of the parameter `trust` against every `peer`, or against the peers suggested where none is named;
    `add` is a further peer in words; `format=csv` gives it as a table."""
    scope = scope_of(request)
    address = Address.of(request)
    code = address.text("trust")
    faults: Faults = []
    found = _found(address, code, scope, faults) if code else None
    if found is not None and address.choice("format", {"csv"}):
        return _sheet(found)
    portfolio = scope.portfolio
    listed = candidates(scope.on, portfolio=portfolio)
    if found is not None and all(body["code"] != found.trust["code"] for body in listed):
        listed = [found.trust, *listed]
    peers = [present.named(body, scope) for body in found.peers] if found else []
    context: dict[str, Any] = {
        "scope": scope,
        "asked": code,
        "trusts": listed,
        "trust": present.named(found.trust, scope) if found else None,
        "peers": peers,
        "offered": _offered(found, scope) if found else [],
        "suggested": found.suggested if found else False,
        "tables": present.tables(found) if found else [],
        "too_few": present.too_few(found) if found else "",
        "add": address.text("add") if faults else "",
        "faults": dict(faults),
        "errors": summary_of(faults),
        "examples": _examples(scope) if not listed else [],
    }
    if found:
        named = [body["code"] for body in found.peers]
        context["csv"] = scope.link("benchmark", trust=code, peer=named, format="csv")
        context["api"] = scope.api("benchmarks/", trust=code, peers=",".join(named), portfolio=None)
    return render(request, "commissioning/benchmark.jinja", context, status=422 if faults else 200)


def _found(address: Address, code: str, scope: Scope, faults: Faults) -> Benchmark | None:
    named: list[str] = []
    for peer in address.texts("peer"):
        try:
            require_in_force(peer, scope.on)
            named.append(peer)
        except NotFound as absent:
            faults.append(("add", f"{absent} Left out."))
    added = _added(address, scope, faults)
    if added:
        named.append(added)
    if len(named) > MOST_PEERS:
        faults.append(("add", f"At most {MOST_PEERS} peers can be compared; the first {MOST_PEERS} are."))
    chosen = bool(named) or "chosen" in address
    try:
        return benchmark_of(code, named[:MOST_PEERS] if chosen else None, scope.on)
    except NotFound as absent:
        faults.append(("trust", str(absent)))
        return None


def _added(address: Address, scope: Scope, faults: Faults) -> str:
    """The code of the peer that was named in words; empty where none was, or nobody can tell which."""
    text = address.text("add")
    if not text:
        return ""
    fitting = choosing.fitting(text, choosing.in_force(scope.on, portfolio=scope.portfolio).values())
    if len(fitting) == 1:
        return fitting[0].code
    if not fitting:
        faults.append(("add", f"No organisation in force on the day fits “{text}”."))
    else:
        some = ", ".join(f"{body.name} ({body.code})" for body in fitting[:6])
        more = f" and {len(fitting) - 6} more" if len(fitting) > 6 else ""
        faults.append(("add", f"Several fit “{text}”: {some}{more}. Enter a code."))
    return ""


def _offered(found: Benchmark, scope: Scope) -> list[tuple[present.BenchmarkPeer, bool]]:
    """The peers compared, ticked, and the ones suggested beside them."""
    compared = {body["code"] for body in found.peers}
    ticked = [(present.named(body, scope), True) for body in found.peers]
    return [*ticked, *((present.named(body, scope), False) for body in found.alike if body["code"] not in compared)]


def _examples(scope: Scope) -> list[tuple[str, str]]:
    """Where a benchmark can be seen when nothing shown has resources recorded."""
    return [
        (portfolio.title, scope.link("benchmark", portfolio=portfolio.slug, as_of=portfolio.covers_to.isoformat()))
        for portfolio in scope.portfolios
        if portfolio.illustrative
        and portfolio.slug != scope.portfolio
        and candidates(portfolio.covers_to, portfolio=portfolio.slug)
    ]


def _sheet(found: Benchmark) -> HttpResponseBase:
    columns, rows = present.sheet(found)
    answer: HttpResponse | StreamingHttpResponse = StreamingHttpResponse(
        table([rows], [(column,) for column in columns]), content_type="text/csv; charset=utf-8; header=present"
    )
    answer["Content-Disposition"] = f'attachment; filename="benchmark-{found.trust["code"]}.csv"'
    return answer
