"""Up to four assessments side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation.method.weights import Unweighable
from evaluation.models import Assessment
from evaluation.read_models.assessments import ResultsDocument
from evaluation.selectors.appraisals import read_together
from evaluation.selectors.results import results_of
from evaluation.web.presenters import comparing as present
from pcorg.core.accounts.roles import actor_of
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.pages.scope import Scope, scope_of
from pcorg.core.values import whole_or_none

MOST = 4


@require_safe
@one_version()
def compare(request: HttpRequest) -> HttpResponse:
    """The assessments of the parameter `id`, given up to four times. Numbers that no assessment has are named above
    the table."""
    scope = scope_of(request)
    identifiers = Address.of(request).texts("id")
    numbers = {text: number for text in identifiers[:MOST] if (number := whole_or_none(text)) is not None}
    kept = Assessment.objects.visible_to(actor_of(request.user)).in_bulk(numbers.values())
    assessments = [kept[number] for number in numbers.values() if number in kept]
    read_together(assessments)
    results = [_results(each) for each in assessments]
    context = {
        "scope": scope,
        "sides": [_side(each, found, assessments, scope) for each, found in zip(assessments, results, strict=True)],
        "rows": present.rows(results),
        "unknown": [text for text in identifiers[:MOST] if numbers.get(text) not in kept],
        "dropped": identifiers[MOST:],
        "api": [scope.api(f"assessments/{each.pk}/results/", portfolio=None) for each in assessments],
    }
    return render(request, "evaluation/compare.jinja", context)


def _results(assessment: Assessment) -> ResultsDocument | None:
    if not any(assessor.judgements.all() for assessor in assessment.panel.all()):
        return None
    try:
        return results_of(assessment)
    except Unweighable:
        return None


def _side(
    each: Assessment, found: ResultsDocument | None, assessments: list[Assessment], scope: Scope
) -> present.ComparedAssessment:
    others = [other.pk for other in assessments if other != each]
    return present.side(each, found, scope.link("assessment", each.pk), scope.link("assessments-compare", id=others))
