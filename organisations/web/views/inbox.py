"""Decisions: the proposals that wait for the person who reads, their own, and those to look at again."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organisations.domain.vocabulary import ChangeKind, ChangeStatus
from organisations.selectors import changes, loads, proposals
from organisations.selectors.proposals import ProposalQueue
from organisations.web.presenters import inbox as present
from pcorg.core.accounts.roles import actor_of
from pcorg.core.forms.address import Address
from pcorg.core.names import containing
from pcorg.core.pages.pagination import pages
from pcorg.core.pages.scope import scope_of

A_PAGE = 25


@never_cache
@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The proposals of one pile, soonest effect first, whatever portfolio the date bar shows."""
    scope, by = scope_of(request), actor_of(request.user)
    files = loads.waiting_for(request.user.pk or 0) if by.approves else None
    first = ProposalQueue.WAITING if by.approves else ProposalQueue.OWN if by.commissions else ProposalQueue.OPEN
    address = Address.of(request)
    which = ProposalQueue(
        address.choice("pile", [pile.value for pile in ProposalQueue], first.value, of="list of decisions")
    )
    query = {
        "kind": address.choice("kind", ChangeKind, of="kind of change"),
        "status": address.choice("status", ChangeStatus),
        "q": address.text("q"),
    }
    found = proposals.queue_of(which, by).select_related("portfolio").prefetch_related("authors", "collaborators")
    found = found.filter(**{name: query[name] for name in ("kind", "status") if query[name]})
    if query["q"]:
        found = found.filter(containing("title", query["q"]))
    paginator = Paginator(found.order_by("effective_on", "pk"), A_PAGE)
    page = paginator.get_page(address.page)
    listed = list(page.object_list)
    counts = {pile: proposals.queue_of(pile, by).count() for pile in ProposalQueue}
    counts[ProposalQueue.WAITING] += files.count() if files is not None else 0
    context = {
        "scope": scope,
        "piles": present.queue_links(which, counts, scope, approves=by.approves),
        "pile": which.value,
        "heading": present.WORDS[which],
        "fields": present.fields(query),
        "narrowed": any(query.values()),
        "clear": scope.link("decisions", pile=which.value),
        "rows": present.rows(
            listed, changes.parties_of(each.pk for each in listed), proposals.since_of(listed), by=by, scope=scope
        ),
        "files": list(files[:A_PAGE])
        if files is not None and which is ProposalQueue.WAITING and page.number == 1
        else [],
        "total": paginator.count,
        "pages": pages(page, lambda number: scope.link("decisions", pile=which.value, **query, page=number)),
        "may_propose": by.commissions,
        "api": scope.api("changes/", recorded="false", as_of=None, portfolio="all"),
        "csv": scope.api("changes/", recorded="false", as_of=None, portfolio="all", format="csv"),
    }
    return render(request, "organisations/decisions.jinja", context)
