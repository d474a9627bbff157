"""The typology of organisational forms and the declared rules between them, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from organisations.domain.vocabulary import Family, Nature, Outcome, Route, SettledBy
from organisations.models import Form, PolicyCheck, TransitionRule
from organisations.presenters.sources import Citation, cited
from organisations.scope import Scope

CAPABILITIES = [
    ("free_standing", "Free-standing", "stands on its own in law"),
    ("advises", "Advises", "advises another body"),
    ("holds_budget", "Holds a budget", "holds a budget"),
    ("commissions", "Commissions care", "plans and buys care"),
    ("provides_community_services", "Provides community care", "provides community health services"),
    ("provides_social_care", "Provides social care", "provides social care"),
]


@dataclass(frozen=True)
class FormRow:
    """A form in the typology. `abilities` are in the order of CAPABILITIES."""

    slug: str
    label: str
    href: str
    nature: str
    level: str
    abilities: list[bool]
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
    settled_by: str
    note: str
    citation: Citation | None


def families(forms: Iterable[Form], scope: Scope) -> list[tuple[str, list[FormRow]]]:
    """Forms by family, oldest family first, as the typology lists them."""
    grouped: dict[str, list[FormRow]] = {}
    for form in forms:
        grouped.setdefault(Family(form.family).label, []).append(form_row(form, scope))
    return list(grouped.items())


def form_row(form: Form, scope: Scope) -> FormRow:
    """A form as a row."""
    return FormRow(
        slug=form.slug,
        label=form.label,
        href=scope.link("form", form.slug),
        nature=Nature(form.nature).label,
        level=str(form.level or ""),
        abilities=[getattr(form, field) for field, _, _ in CAPABILITIES],
        years=years(form),
        existed=existed(form),
    )


def powers(form: Form) -> str:
    """What the form may do, in a sentence."""
    held = [meaning for field, _, meaning in CAPABILITIES if getattr(form, field)]
    if not held:
        return "None of those in the table of forms"
    text = ", ".join(held[:-1]) + " and " + held[-1] if len(held) > 1 else held[0]
    return f"It {text}"


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
    """How many patients such a body was meant to serve, in words."""
    low, high = form.population_min, form.population_max
    if low and high:
        return f"{low:,} to {high:,} patients"
    if low:
        return f"{low:,} patients or more"
    return f"{high:,} patients or fewer" if high else "No bounds are set"


def commissioned(form: Form) -> str:
    """How much of its people's care it plans and buys, in words."""
    if not form.commissions:
        return "None"
    if form.commissioning_share is None:
        return "Some; the share is not known"
    return f"About {form.commissioning_share * 100:.0f} per cent"


def rule_row(rule: TransitionRule, scope: Scope) -> RuleRow:
    """A rule as a row; its forms and source are loaded."""
    route = Route(rule.route).label.partition(": ")[0]
    required = []
    if rule.consultation:
        required.append("Consultation")
    if rule.joint_agreement:
        required.append("Joint agreement")
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
        settled_by=SettledBy(check.settled_by).label,
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
