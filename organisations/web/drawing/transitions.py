"""The declared graph as a drawing: which organisational form may become which other.

A step between bodies of one form (two primary care trusts merging) is written into the form's box, not drawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from organisations.web.drawing.boxes import Labels, Words, arrow, drawing, framed
from organisations.web.drawing.layering import DrawnLink
from organisations.web.drawing.layout import Spacing, lay_out
from organisations.web.drawing.svg import classes, element

BOX_WIDTH = 212.0
STRIPE = 6.0
# With more arrows than this their labels would hide the drawing; the table has the routes.
MOST_LABELS = 30


class ArrowStyle(Enum):
    """What a step does to the body; its value is the class of its arrow."""

    KEEPS_BODY = "pc-graph__edge--keeps-body"
    NEW_BODY = "pc-graph__edge--new-body"
    PART_LEAVES = "pc-graph__edge--part-leaves"


@dataclass(frozen=True, slots=True)
class FormBox:
    """A form in the drawing. `stripe` numbers its family's colour from 1; `detail` is its small print."""

    slug: str
    label: str
    detail: tuple[str, ...]
    href: str
    stripe: int


@dataclass(frozen=True, slots=True)
class TransitionArrow:
    """A declared step from form to form by a route, in the words of its label."""

    from_form: str
    to_form: str
    route: str
    tie: ArrowStyle


def draw_transitions(
    forms: Sequence[FormBox],
    steps: Iterable[TransitionArrow],
    *,
    key: str,
    title: str,
    description: str,
    focus: str | None = None,
) -> str:
    """The drawing as SVG; steps by several routes between the same two forms share an arrow.

    Raises ValueError where a step names a form that is not among those given.
    """
    routes, like = _by_pair(steps)
    words = {form.slug: _words(form, like.get(form.slug, ())) for form in forms}
    pairs = list(routes)
    layout = lay_out(
        [words[form.slug].box(form.slug, BOX_WIDTH) for form in forms],
        [DrawnLink(*pair) for pair in pairs],
        Spacing(column=72 if len(pairs) > MOST_LABELS else 136, row=14),
    )
    labels = Labels.none()
    names = {form.slug: form.label for form in forms}
    arrows = []
    texts = []
    for run in layout.runs:
        pair = pairs[run.link]
        how = [step.route for step in routes[pair]]
        spoken = f"{names[pair[0]]} to {names[pair[1]]}: {', '.join(how)}"
        arrows.append(arrow(run, key=key, kind=_strongest(routes[pair]).value, spoken=spoken))
        if len(pairs) <= MOST_LABELS:
            texts.append(labels.placed(run, how))
    boxes = []
    for form in sorted(forms, key=lambda form: (layout.boxes[form.slug].layer, layout.boxes[form.slug].y)):
        place = layout.boxes[form.slug]
        stripe = element(
            "rect",
            class_=f"pc-graph__stripe pc-graph__stripe--{form.stripe}",
            x=place.x,
            y=place.y,
            width=STRIPE,
            height=place.height,
        )
        boxes.append(
            framed(
                place,
                words[form.slug],
                href=form.href,
                spoken=", ".join((form.label, *form.detail)),
                kind=classes("pc-graph__node--form", "pc-graph__node--focus" if form.slug == focus else None),
                current=form.slug == focus,
                extra=(stripe,),
            )
        )
    return drawing(
        layout,
        element("g", *arrows),
        element("g", *texts, aria_hidden="true"),
        *boxes,
        key=key,
        title=title,
        description=description,
    )


def around(focus: str, steps: Iterable[TransitionArrow]) -> frozenset[str]:
    """The forms that `focus` can become in any number of steps, those it can come from, and itself."""
    pairs = [(step.from_form, step.to_form) for step in steps]
    forwards, backwards = _index(pairs), _index((to, start) for start, to in pairs)
    return _reach(focus, forwards) | _reach(focus, backwards)


def _index(pairs: Iterable[tuple[str, str]]) -> Mapping[str, set[str]]:
    index: dict[str, set[str]] = defaultdict(set)
    for start, end in pairs:
        index[start].add(end)
    return index


def _reach(start: str, index: Mapping[str, set[str]]) -> frozenset[str]:
    visited, waiting = {start}, [start]
    while waiting:
        fresh = index.get(waiting.pop(), set()) - visited
        visited |= fresh
        waiting += sorted(fresh)
    return frozenset(visited)


def _by_pair(
    steps: Iterable[TransitionArrow],
) -> tuple[Mapping[tuple[str, str], list[TransitionArrow]], Mapping[str, list[str]]]:
    """Steps by the pair of forms they join, and the routes of those that stay within a form."""
    pairs: dict[tuple[str, str], list[TransitionArrow]] = defaultdict(list)
    like: dict[str, list[str]] = defaultdict(list)
    for step in steps:
        if step.from_form == step.to_form:
            like[step.from_form].append(step.route)
        else:
            pairs[step.from_form, step.to_form].append(step)
    return pairs, like


def _words(form: FormBox, like: Sequence[str]) -> Words:
    within = f"{' or '.join(like).capitalize()} with its like" if like else ""
    return Words.fitted(form.label, (*form.detail, within), BOX_WIDTH)


def _strongest(steps: Sequence[TransitionArrow]) -> ArrowStyle:
    """How to draw an arrow of several routes: as one that keeps the body where any of them does."""
    ties = {step.tie for step in steps}
    return next(tie for tie in (ArrowStyle.KEEPS_BODY, ArrowStyle.NEW_BODY, ArrowStyle.PART_LEAVES) if tie in ties)
