"""The typology of organisational forms and the declared rules between them, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from organisations.domain.vocabulary import Applies, Family, Nature, Outcome, Route, SettledBy
from organisations.models import Form, PolicyCheck, TransitionRule
from organisations.web.presenters.references import Citation, cited
from pcorg.core.pages.scope import Scope

CAPABILITIES = [
    ("free_standing", "Free-standing", "stands on its own in law"),
    ("advises", "Advises", "advises another body"),
    ("holds_budget", "Holds a budget", "holds a budget"),
    ("commissions", "Commissions care", "plans and buys care"),
    ("provides_primary_care", "Provides primary care", "provides primary care"),
    ("provides_community_services", "Provides community care", "provides community health services"),
    ("provides_social_care", "Provides social care", "provides social care"),
]


@dataclass(frozen=True)
class FormRow:
    """A form in the typology. `abilities` are in the order of CAPABILITIES; None where no source states one."""

    slug: str
    label: str
    href: str
    nature: str
    level: str
    abilities: list[bool | None]
    years: str
    existed: str


@dataclass(frozen=True)
class RuleRow:
    """An allowed step between forms by one route; in the table of all rules, by several that are alike."""

    origin: str
    origin_href: str
    target: str
    target_href: str
    route: str
    when: str
    conditions: str
    checks: list[str]
    note: str
    citation: Citation | None


@dataclass(frozen=True)
class CheckRow:
    """A policy check, how strict it is, and what settles it."""

    code: str
    title: str
    question: str
    severity: str
    applies: str
    settled_by: str
    note: str
    citation: Citation | None


def families(forms: Iterable[Form], scope: Scope) -> list[tuple[str, list[FormRow]]]:
    """Forms by family, oldest family first, as the typology lists them."""
    grouped: dict[str, list[FormRow]] = {}
    for form in forms:
        grouped.setdefault(Family.stored(form.family).label, []).append(form_row(form, scope))
    return list(grouped.items())


def form_row(form: Form, scope: Scope) -> FormRow:
    """A form as a row."""
    return FormRow(
        slug=form.slug,
        label=form.label,
        href=scope.link("form", form.slug),
        nature=Nature.stored(form.nature).label,
        level=str(form.level or ""),
        abilities=[getattr(form, field) for field, _, _ in CAPABILITIES],
        years=years(form),
        existed=existed(form),
    )


def powers(form: Form) -> str:
    """What the form may do, in sentences; also what the sources say it may not, and on what they say nothing."""
    by_value: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    for field, heading, meaning in CAPABILITIES:
        by_value[getattr(form, field)].append(meaning if getattr(form, field) else heading.lower())
    sentences = []
    if by_value[True]:
        sentences.append(f"It {_and(by_value[True])}.")
    if by_value[False]:
        sentences.append(f"No: {', '.join(by_value[False])}.")
    if by_value[None]:
        sentences.append(f"Not stated: {', '.join(by_value[None])}.")
    return " ".join(sentences)


def _and(words: list[str]) -> str:
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0]


def years(form: Form) -> str:
    """The years in which a body of the form could exist, in short."""
    last = form.last_date - timedelta(days=1) if form.last_date else None
    if form.first_date and last:
        return f"{form.first_date.year} to {last.year}"
    if form.first_date:
        return f"from {form.first_date.year}"
    return f"until {last.year}" if last else "not set"


def existed(form: Form) -> str:
    """Between which days a body of the form could exist, in words."""
    first, last = form.first_date, form.last_date - timedelta(days=1) if form.last_date else None
    if first and last:
        return f"{_day(first)} to {_day(last)}"
    if first:
        return f"From {_day(first)}"
    return f"Until {_day(last)}" if last else "No dates are set"


def population_bounds(form: Form) -> str:
    """How many patients such bodies had or were predicted to have, in words."""
    low, high, expected = form.population_min, form.population_max, form.population_expected
    if low and high:
        return f"Between {low:,} and {high:,} patients"
    if low or high:
        return f"{low:,} patients or more" if low else f"{high:,} patients or fewer"
    return f"Predicted to average over {expected:,} patients" if expected else "No size is stated"


def commissioned(form: Form) -> str:
    """How much of its people's care it plans and buys, in words."""
    if form.commissioning_note:
        return form.commissioning_note
    if form.commissions is None:
        return "Not stated"
    if not form.commissions:
        return "None"
    if form.commissioning_share is None:
        return "Some; how much is not stated"
    return f"About {form.commissioning_share * 100:.0f} per cent"


def rule_row(rule: TransitionRule, scope: Scope) -> RuleRow:
    """A rule as a row; its forms and source are loaded."""
    route = Route.stored(rule.route).label.partition(": ")[0]
    step = rule.as_rule()
    required = ["Consultation"] * step.consultation + ["Joint agreement"] * step.joint_agreement
    return RuleRow(
        origin=rule.from_form.label,
        origin_href=scope.link("form", rule.from_form_id),
        target=rule.to_form.label,
        target_href=scope.link("form", rule.to_form_id),
        route=route,
        when=_between(rule.earliest, rule.latest),
        conditions=" and ".join(required).capitalize(),
        checks=[check.title for check in rule.checks.all()],
        note=rule.note,
        citation=cited(rule, about=scope.link("about-the-data")),
    )


def by_origin(rows: Iterable[RuleRow]) -> list[tuple[str, str, list[RuleRow]]]:
    """Rules under the form they start from: its label, its address, the rules. Rules that differ by route alone stand
    as one."""
    grouped: dict[tuple[str, str], dict[tuple, RuleRow]] = {}
    for row in rows:
        alike = grouped.setdefault((row.origin, row.origin_href), {})
        key = (row.target, row.when, row.conditions, row.citation)
        if key in alike:
            alike[key] = replace(alike[key], route=f"{alike[key].route} or {row.route.lower()}")
        else:
            alike[key] = row
    return [(label, href, list(found.values())) for (label, href), found in grouped.items()]


def check_row(check: PolicyCheck, scope: Scope) -> CheckRow:
    """A check as a row."""
    blocks = Outcome(check.severity) is Outcome.BLOCK
    return CheckRow(
        code=check.code,
        title=check.title,
        question=check.question,
        severity="Can block a proposal" if blocks else "Advises only",
        applies=Applies(check.applies).label,
        settled_by=SettledBy.stored(check.settled_by).label,
        note=check.note,
        citation=cited(check, about=scope.link("about-the-data")),
    )


def _between(earliest: date | None, latest: date | None) -> str:
    if earliest and latest:
        return _day(earliest) if earliest == latest else f"{_day(earliest)} to {_day(latest)}"
    if earliest:
        return f"From {_day(earliest)}"
    return f"Until {_day(latest)}" if latest else "At any time"


def _day(value: date) -> str:
    return f"{value.day} {value:%B} {value.year}"
