"""Options: ways of integrating services by the evidence, and forms of provider arms by their attributes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.domain.vocabulary import Answer
from commissioning.models import ArmOption
from evaluation.models import Criterion, Evidence, Framework, IntegrationOption, Mitigation
from evaluation.web.presenters import options as present
from evaluation.web.presenters.options import ATTRIBUTES
from organisations.domain.vocabulary import Family
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.address import Address
from pcorg.core.pages.scope import scope_of

FAMILIES = (Family.PROVIDER_ARM_NHS, Family.PROVIDER_ARM_INDEPENDENT)


@require_safe
@one_version()
def options(request: HttpRequest) -> HttpResponse:
    """The five ways of integrating and the eleven forms, side by side."""
    scope = scope_of(request)
    address = Address.of(request)
    frameworks = {each.slug: each.label for each in Framework.objects.order_by("position", "slug")}
    framework = address.choice("framework", frameworks, next(iter(frameworks), ""))
    family, attribute = address.choice("family", FAMILIES), address.choice("attribute", ATTRIBUTES)
    answer = address.choice("answer", Answer)
    forms = ArmOption.objects.select_related("form").prefetch_related("points")
    if family:
        forms = forms.filter(form__family=family)
    if attribute and answer:
        forms = forms.filter(**{attribute: answer})
    criteria = list(Criterion.objects.filter(framework=framework))
    context = {
        "scope": scope,
        "criteria": criteria,
        "frameworks": [
            (label, scope.link("options", framework=slug), slug == framework) for slug, label in frameworks.items()
        ],
        "rows": present.evidence_rows(
            IntegrationOption.objects.all(), criteria, Evidence.objects.select_related("source"), scope
        ),
        "mitigations": Mitigation.objects.filter(criterion__framework=framework).select_related("criterion"),
        "forms": present.arm_forms(forms, scope),
        "attributes": list(ATTRIBUTES.values()),
        "families": [(each.value, each.label) for each in FAMILIES],
        "attribute_choices": list(ATTRIBUTES.items()),
        "answers": Answer.choices(),
        "asked": {"family": family, "attribute": attribute, "answer": answer},
        "api_evidence": scope.api("evidence/"),
        "csv_evidence": scope.api("evidence/", format="csv"),
        "api_forms": scope.api("provider-arm-options/"),
        "csv_forms": scope.api("provider-arm-options/", format="csv"),
    }
    return render(request, "evaluation/options.jinja", context)
