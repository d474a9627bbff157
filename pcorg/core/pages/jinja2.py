"""The Jinja environment of the pages.

Links between pages are made by the scope, which carries the date and the portfolio along:
`frame.scope.link('organisation', code)`; `url(name)` gives the bare address."""

from __future__ import annotations

import base64
import functools
import hashlib
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

ACRONYMS = {
    "API": "application programming interface",
    "CSV": "comma-separated values",
    "GP": "general practitioner",
    "NHS": "National Health Service",
    "ODS": "Organisation Data Service",
    "OGL": "Open Government Licence",
    "ONS": "Office for National Statistics",
    "PCG": "primary care group",
    "PCT": "primary care trust",
    "PMS": "personal medical services",
    "WCAG": "Web Content Accessibility Guidelines",
}


def environment(**options: Any) -> Environment:
    """Our templates first, then the design system's components."""
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("nhsuk_frontend_jinja")])
    options["undefined"] = ChainableUndefined
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - Django passes autoescape=True
    env.globals.update(static=static, script=script, url=reverse, version=settings.VERSION)
    filters = (day, moment, number, percent, count, pounds, rough_pounds, decimal, acronym)
    env.filters.update({each.__name__: each for each in filters})
    return env


def script(name: str) -> Markup:
    """Where a script of ours lies and what is in it, as attributes of its element: the browser runs nothing else."""
    digest = integrity(name)
    found = Markup('src="{}"').format(static(name))
    return found + Markup(' integrity="{}"').format(digest) if digest else found


@functools.cache
def integrity(name: str) -> str:
    """The hash of a static file, as browsers check it; nothing where the files are not collected."""
    collected = getattr(staticfiles_storage, "stored_name", None)
    if collected is None:
        return ""
    with staticfiles_storage.open(collected(name)) as file:
        return f"sha384-{base64.b64encode(hashlib.sha384(file.read()).digest()).decode()}"


def day(value: date | str | None, otherwise: str = "") -> str:
    """A date as people write it: 1 April 2009. Takes ISO text too; `otherwise` where there is none."""
    if not value:
        return otherwise
    parsed = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{parsed.day} {parsed:%B} {parsed.year}"


def moment(value: datetime | str) -> str:
    """A date and time of day in London: 1 April 2009 at 14:05."""
    parsed = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = timezone.localtime(parsed) if timezone.is_aware(parsed) else parsed
    return f"{day(local.date())} at {local:%H:%M}"


def number(value: int | Decimal | float | str) -> str:
    """A whole number with commas: 304,400. Halves round up."""
    return f"{Decimal(value).quantize(Decimal(1), ROUND_HALF_UP):,}"


def pounds(value: Decimal, *, pence: bool = False) -> str:
    """Money exactly: £48,250,000, or £750,000.50 where there are pence, or where a figure beside it has some."""
    return f"£{value:,.2f}" if pence or value != value.to_integral_value() else f"£{value:,.0f}"


def rough_pounds(value: Decimal) -> str:
    """Money to take in at a glance, to three figures: £48.3 million, £751,000, £820."""
    rounded = Context(prec=3, rounding=ROUND_HALF_UP).plus(Decimal(value))
    for size, word in ((Decimal(10**9), "billion"), (Decimal(10**6), "million")):
        if rounded >= size:
            return f"£{(rounded / size).normalize():f} {word}"
    return f"£{rounded:,.0f}"


def decimal(value: Decimal) -> str:
    """A figure as it stands, without needless noughts: 84.5."""
    return f"{value.normalize():,f}"


def percent(share: Decimal | float | str, digits: int = 1) -> str:
    """A fraction as a percentage, without needless noughts: 37.4%, 100%; a trace is said to be less than the least."""
    value = Decimal(str(share)) * 100
    least = Decimal(1).scaleb(-digits)
    if 0 < value < least / 2:
        return f"under {least}%"
    text = str(value.quantize(least, ROUND_HALF_UP))
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def count(value: int, one: str, many: str) -> str:
    """A number with its noun: 1 body, 1,204 bodies."""
    return f"{number(value)} {one if value == 1 else many}"


def acronym(short: str) -> Markup:
    """An acronym that names itself in full to whoever asks: the first use on a page is spelled out in the text.

    Raises KeyError for one that is not listed.
    """
    return Markup('<abbr title="{}">{}</abbr>').format(ACRONYMS[short], short)
