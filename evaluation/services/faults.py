"""What is wrong with an assessment as people state or alter it: everything at once, each fault with its place."""

from __future__ import annotations

from datetime import date

from commissioning.models import Service, ServiceGroup
from evaluation.method.statement import listed
from evaluation.method.vocabulary import AssessmentScope
from evaluation.models import Assessment, Criterion, Framework
from evaluation.services.options import change_numbers, judges_of, option_problems
from evaluation.services.panels import panel_problems
from evaluation.specs.stated import StatedAssessment, StatedMitigation, StatedRevision, StatedScope
from evaluation.specs.weighing import weight_problems
from organisations.domain.vocabulary import ChangeStatus
from organisations.models import Change, Organisation
from pcorg.core.policies import Actor
from pcorg.core.refusals import Problem


def criteria_of(framework: str) -> list[str]:
    """Slugs of a framework's criteria, in order."""
    return list(Criterion.objects.filter(framework=framework).order_by("position", "slug").values_list("pk", flat=True))


def assessment_problems(stated: StatedAssessment) -> list[Problem]:
    """Everything wrong with an assessment as it is stated, with its place."""
    criteria = criteria_of(stated.framework)
    found = [*_subject_problems(stated, criteria), *option_problems(stated.options), *panel_problems(stated.panel)]
    if criteria:  # without a framework, nothing can be told of what is said of its criteria
        found += weight_problems(stated.weights, criteria, "/weights")
        found += _mitigation_problems(stated.mitigations, criteria, [each.key for each in stated.options])
    return found


def revision_problems(assessment: Assessment, stated: StatedRevision) -> list[Problem]:
    """Everything wrong with what is altered of an assessment, with its place."""
    criteria = criteria_of(assessment.framework_id)
    keys = [each.key for each in stated.options if not each.set_aside] if stated.options else _keys(assessment)
    problems = _option_problems(assessment, stated) if stated.options is not None else []
    if stated.weights is not None:
        problems += weight_problems(stated.weights, criteria, "/weights")
    if stated.mitigations is not None:
        problems += _mitigation_problems(stated.mitigations, criteria, keys)
    if stated.panel is not None:
        problems += panel_problems(stated.panel, assessment)
    problems += [*_day_problems(assessment.subject, stated.as_of), *_change_problems(stated.change)]
    return problems


def _keys(assessment: Assessment) -> list[str]:
    return list(assessment.options.filter(set_aside="").values_list("key", flat=True))


def _subject_problems(stated: StatedAssessment, criteria: list[str]) -> list[Problem]:
    found = []
    if not Framework.objects.filter(pk=stated.framework).exists():
        found.append(Problem("invalid", f"There is no framework {stated.framework}.", "/framework"))
    elif not criteria:
        found.append(Problem("invalid", f"The framework {stated.framework} has no criteria.", "/framework"))
    body = Organisation.objects.filter(pk=stated.subject).first() if stated.subject else None
    if stated.subject and body is None:
        words = f"No organisation has the code {stated.subject}."
        found.append(Problem("unknown-organisation", words, "/subject"))
    found += _day_problems(body, stated.as_of)
    return [*found, *_scope_problems(stated.scope), *_change_problems(stated.change)]


def _day_problems(subject: Organisation | None, on: date | None) -> list[Problem]:
    if subject is None or on is None or (subject.opened <= on and (subject.closed is None or on < subject.closed)):
        return []
    return [Problem("not-in-force", f"{subject.code} is not in force on {on:%-d %B %Y}.", "/as_of")]


def _scope_problems(scope: StatedScope) -> list[Problem]:
    found = []
    for name, kind, model in (
        ("service_group", AssessmentScope.GROUP, ServiceGroup),
        ("service", AssessmentScope.SERVICE, Service),
    ):
        slug = getattr(scope, name)
        if scope.kind is kind and slug is None:
            found.append(Problem("invalid", "Say which.", f"/scope/{name}"))
        elif scope.kind is not kind and slug is not None:
            found.append(Problem("invalid", f"The scope is {scope.kind.value}; leave this out.", f"/scope/{name}"))
        elif slug is not None and not model._default_manager.filter(pk=slug).exists():
            found.append(Problem("invalid", f"There is no {model._meta.verbose_name} {slug}.", f"/scope/{name}"))
    return found


def _option_problems(assessment: Assessment, stated: StatedRevision) -> list[Problem]:
    """What is wrong with altered options: also that one goes which was judged or a dispersal has chosen, or the last of
    those that a mitigation is for, which left with none would be for all."""
    assert stated.options is not None
    kept = {option.key for option in stated.options if not option.set_aside}
    named = {option.key for option in stated.options}
    chosen = assessment.options.filter(overrides__isnull=False).exclude(key__in=kept).distinct()
    found = option_problems(stated.options) + [
        Problem("conflict", f"{option.label} is chosen in a dispersal; it stays.", "/options") for option in chosen
    ]
    for option, judges in judges_of(assessment).items():
        if option.key not in named and not option.set_aside:
            words = f"{option.label} has been judged by {listed(judges)}. Keep it, or set it aside with the reason."
            found.append(Problem("conflict", words, "/options"))
    for plan in assessment.mitigations.prefetch_related("options") if stated.mitigations is None else ():
        meant = {option.key for option in plan.options.all()}
        if meant and not meant & kept:
            words = f"“{plan.text}” is planned for options that go; take that mitigation away first."
            found.append(Problem("conflict", words, "/options"))
    return found


def drafts_of_others(stated: StatedAssessment | StatedRevision, by: Actor) -> list[Problem]:
    """The changes named that are drafts which the person does not read: to them there are none of these numbers."""
    keys = [option.key for option in stated.options or ()]
    named = {number: f"/options/{place}" for place, key in enumerate(keys) for number in change_numbers([key])}
    if stated.change is not None:
        named.setdefault(stated.change, "/change")
    drafts = Change.objects.filter(pk__in=named, status=ChangeStatus.DRAFT)
    hidden = drafts.exclude(pk__in=Change.objects.visible_to(by).values("pk")).values_list("pk", flat=True)
    return [Problem("invalid", f"There is no change {number}.", named[number]) for number in hidden]


def _change_problems(number: int | None) -> list[Problem]:
    if number is None or (0 < number < 2**31 and Change.objects.filter(pk=number).exists()):
        return []
    return [Problem("invalid", f"There is no change {number}.", "/change")]


def _mitigation_problems(stated: list[StatedMitigation], criteria: list[str], keys: list[str]) -> list[Problem]:
    found = []
    for number, mitigation in enumerate(stated):
        where = f"/mitigations/{number}"
        if mitigation.criterion not in criteria:
            words = f"The framework has no criterion {mitigation.criterion}."
            found.append(Problem("invalid", words, f"{where}/criterion"))
        found += [
            Problem("invalid", f"{key} is not an option of this assessment.", f"{where}/options/{place}")
            for place, key in enumerate(mitigation.options)
            if key not in keys
        ]
        if mitigation.transform.value == "narrow" and mitigation.amount > 1:
            found.append(Problem("invalid", "A share lies between 0 and 1.", f"{where}/amount"))
    return found
