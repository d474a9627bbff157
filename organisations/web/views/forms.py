"""Forms and rules: the typology, the declared graph, and a page for each form."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.domain.vocabulary import Family, Route
from organisations.models import Form, GlossaryTerm, Organisation, PolicyCheck, TransitionRule
from organisations.models.querysets import in_force
from organisations.web.presenters import forms as present
from organisations.web.presenters.graph import ARROWS, graph
from organisations.web.presenters.reference import anchor
from organisations.web.presenters.references import cited
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.pages.scope import Scope, scope_of

_OWN_RULE = Q(from_form=F("to_form"), route=Route.MERGER, source="pcorg-model")


@require_safe
@one_version()
def forms(request: HttpRequest) -> HttpResponse:
    """The typology table, the rules between forms drawn and listed, and the checks."""
    scope = scope_of(request)
    family = Address.of(request).choice("family", Family, of="family of forms")
    listed = Form.objects.select_related("source")
    rules = _rules()
    if family:
        listed = listed.filter(family=family)
        rules = rules.filter(Q(from_form__family=family) | Q(to_form__family=family))
    groups = present.families(listed, scope)
    between = rules.exclude(_OWN_RULE)
    context = {
        "scope": scope,
        "families": [(member.value, member.label) for member in Family],
        "family": family,
        "family_label": Family.stored(family).label if family else "",
        "capabilities": present.CAPABILITIES,
        "groups": groups,
        "form_count": sum(len(rows) for _, rows in groups),
        "drawing": graph(between, scope, key="rules", title="Which form may become which"),
        "rules": present.by_origin(present.rule_row(rule, scope) for rule in between),
        "rules_total": len(between),
        "merging": [present.rule_row(rule, scope) for rule in rules.filter(_OWN_RULE)],
        "checks": [present.check_row(check, scope) for check in PolicyCheck.objects.select_related("source")],
        "arrows": ARROWS,
        "api_forms": scope.api("forms/", family=family),
        "csv_forms": scope.api("forms/", family=family, format="csv"),
        "api_rules": scope.api("transition-rules/"),
        "csv_rules": scope.api("transition-rules/", format="csv"),
    }
    return render(request, "organisations/forms.jinja", context)


@require_safe
@one_version()
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """One form: what it is and may do, the steps into and out of it, and the bodies that had it on the day."""
    scope = scope_of(request)
    shown = Form.objects.select_related("source").prefetch_related("accountable_to").filter(slug=slug).first()
    if shown is None:
        raise Http404(f"There is no organisational form called “{slug}”.")
    rules = _rules().filter(Q(from_form=slug) | Q(to_form=slug))
    context = {
        "scope": scope,
        "form": shown,
        "row": present.form_row(shown, scope),
        "family": Family.stored(shown.family).label,
        "powers": present.powers(shown),
        "commissioned": present.commissioned(shown),
        "bounds": present.population_bounds(shown),
        "checks": [(check.title, f"{scope.link('forms')}#check-{check.pk}") for check in shown.checks.all()],
        "answers_to": [(other.label, scope.link("form", other.slug)) for other in shown.accountable_to.all()],
        "drawing": graph(rules, scope, key="steps", title=f"Steps of the form {shown.label}", focus=slug),
        "steps_in": [present.rule_row(rule, scope) for rule in rules if rule.from_form_id != slug],
        "steps_out": [present.rule_row(rule, scope) for rule in rules if rule.from_form_id == slug],
        "citation": cited(shown, about=scope.link("about-the-data")),
        "terms": [
            (term.term, f"{scope.link('glossary')}#{anchor(term.term)}")
            for term in GlossaryTerm.objects.filter(see=shown)
        ],
        "bodies": _alive(scope, slug),
        "api": scope.api(f"forms/{slug}/"),
        "csv": scope.api("forms/", slug=slug, format="csv"),
    }
    return render(request, "organisations/form.jinja", context)


def _rules() -> QuerySet[TransitionRule]:
    return TransitionRule.objects.select_related("from_form", "to_form", "source").prefetch_related("checks")


def _alive(scope: Scope, form: str) -> int:
    """How many bodies of the scope have the form on its day."""
    return (
        Organisation.objects.of_portfolio(scope.portfolio)
        .filter(in_force(scope.on, "form_periods__"), form_periods__form=form)
        .count()
    )
