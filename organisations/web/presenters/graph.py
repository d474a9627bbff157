"""The declared graph as it is handed to the drawing: forms as boxes, rules as steps."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from organisations.domain.vocabulary import Family, Route
from organisations.models import Form, TransitionRule
from organisations.web.drawing.transitions import ArrowStyle, FormBox, TransitionArrow, draw_transitions
from organisations.web.presenters.forms import years
from pcorg.core.pages.scope import Scope

# The same words as the tables', short enough for an arrow.
_ROUTES = {
    Route.LEVEL: "level",
    Route.SUCCESSION: "succession",
    Route.DESIGNATION: "designation",
    Route.MERGER: "merger",
    Route.SEPARATION: "separation",
}
# The arrows of the drawing by the ending of their class, in words.
ARROWS = [
    ("keeps-body", "The body stays the same"),
    ("new-body", "A new body takes over"),
    ("part-leaves", "A part leaves and becomes a body"),
]
STRIPES = {family: number for number, family in enumerate(Family, start=1)}
NO_STRIPE = 0
"""Of a form whose family cannot be read."""


def graph(rules: Iterable[TransitionRule], scope: Scope, *, key: str, title: str, focus: str | None = None) -> Markup:
    """The rules drawn, with the forms they join; nothing where there are none. Their forms are loaded."""
    listed = list(rules)
    forms = {form.slug: form for rule in listed for form in (rule.from_form, rule.to_form)}
    if not forms:
        return Markup("")
    boxes = [_box(form, scope) for form in sorted(forms.values(), key=lambda form: (form.position, form.slug))]
    steps = [
        TransitionArrow(
            from_form=rule.from_form_id,
            to_form=rule.to_form_id,
            route=_ROUTES[Route(rule.route)],
            tie=_arrow_style(rule),
        )
        for rule in listed
    ]
    described = "Arrows lead from a form to each form it may become. The table after the drawing lists the same steps."
    return Markup(draw_transitions(boxes, steps, key=key, title=title, description=described, focus=focus))  # noqa: S704 - the drawing escapes every text


def _box(form: Form, scope: Scope) -> FormBox:
    detail = (years(form),) if form.first_date or form.last_date else ()
    return FormBox(
        form.slug, form.label, detail, scope.link("form", form.slug), STRIPES.get(Family.stored(form.family), NO_STRIPE)
    )


def _arrow_style(rule: TransitionRule) -> ArrowStyle:
    if Route(rule.route).keeps_body:
        return ArrowStyle.KEEPS_BODY
    return ArrowStyle.PART_LEAVES if rule.route == Route.SEPARATION else ArrowStyle.NEW_BODY
