"""The audit trail, for approvers and data administrators: who did what, and when."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organisations.web.presenters.listing import SearchField
from pcorg.core.accounts.roles import actor_who_may
from pcorg.core.api.streaming import table
from pcorg.core.audit.models import AuditEntry
from pcorg.core.audit.reading import AuditPermission, Question, sheet, words
from pcorg.core.forms.address import Address
from pcorg.core.pages.scope import Scope, scope_of
from pcorg.core.values import day_typed

A_PAGE = 50
LABELS = {"actor": "Who", "action": "What", "subject": "To what", "since": "On or after", "until": "On or before"}
COLUMNS = ["sequence", "at", "actor", "action", "subject", "particulars", "digest"]
_OF_A_CHANGE = re.compile(r"change (\d{1,9})")


@never_cache
@login_required
@require_safe
def audit(request: HttpRequest) -> HttpResponseBase:
    """The entries that fit, newest first; `format=csv` gives all of them as a table."""
    by = actor_who_may(request.user, AuditPermission.READ)
    scope = scope_of(request)
    address = Address.of(request)
    query = {name: address.text(name) for name in LABELS}
    errors = [
        {"text": f"{LABELS[name]}: enter a date, like 2010-04-01", "href": f"#{name}"}
        for name in ("since", "until")
        if query[name] and day_typed(query[name]) is None
    ]
    question = Question(
        by,
        query["actor"],
        query["action"],
        query["subject"],
        day_typed(query["since"]),
        day_typed(query["until"]),
    )
    if address.choice("format", {"csv"}):
        return _file(question)
    page = sheet(question, before=address.number("before"), after=address.number("after"), size=A_PAGE)
    context = {
        "scope": scope,
        "fields": _fields(query),
        "errors": errors,
        "narrowed": any(query.values()),
        "rows": [_row(entry, scope) for entry in page.entries],
        "older": page.older and scope.link("audit", **query, before=page.older),
        "newer": page.newer and scope.link("audit", **query, after=page.newer),
        "csv": scope.link("audit", **query, format="csv"),
        "api": "/api/v1/audit/",
    }
    return render(request, "organisations/audit.jinja", context, status=400 if errors else 200)


def _fields(query: dict[str, str]) -> list[SearchField]:
    choices = {name: [("", "Anybody" if name == "actor" else "Anything")] for name in ("actor", "action")}
    listed = {
        "actor": choices["actor"] + [(each, _spelled(each)) for each in words("actor")],
        "action": choices["action"] + [(each, each.replace("-", " ")) for each in words("action")],
    }
    types = {"since": "date", "until": "date", "subject": "search"}
    return [
        SearchField(name, label, query[name], listed.get(name), types.get(name, "text"))
        for name, label in LABELS.items()
    ]


def _row(entry: AuditEntry, scope: Scope) -> dict[str, Any]:
    of_change = _OF_A_CHANGE.fullmatch(entry.subject)
    at = timezone.localtime(entry.at)
    return {
        "sequence": entry.sequence,
        "at": entry.at,
        "day": f"{at.day} {at:%B} {at.year}",
        "time": f"{at:%H:%M}",
        "actor": _spelled(entry.actor),
        "action": entry.action.replace("-", " "),
        "subject": entry.subject,
        "href": scope.link("change", of_change[1]) if of_change else "",
        "particulars": [(key.replace("_", " "), _text_of(value)) for key, value in entry.particulars.items()],
        "digest": entry.digest[:12],
    }


def _spelled(word: str) -> str:
    """Who acted, as people say it: a command of the product is named as one."""
    kind, _, name = word.partition(":")
    return f"the command {name}" if kind == "command" and name else word


def _text_of(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _file(question: Question) -> HttpResponseBase:
    def chunks() -> Iterator[list[dict[str, Any]]]:
        for entry in question.entries().iterator(chunk_size=500):
            row = {column: getattr(entry, column) for column in COLUMNS}
            yield [row | {"particulars": json.dumps(entry.particulars)}]

    rows = table(chunks(), [(column,) for column in COLUMNS])
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8; header=present")
    answer["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer
