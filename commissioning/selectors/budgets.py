"""How much of each budget its holder commissions with by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from commissioning.domain.devolution import devolved_amount, devolved_share
from commissioning.models import BudgetHolding
from organisations.models import Form, FormPeriod
from pcorg.core.audit.memory import recall
from pcorg.core.batches import batches

Devolved = tuple[Decimal | None, Decimal | None]
"""The part of a budget and the pounds a year of it; None where the holder's form is not
known, or no source says whether it holds a budget."""


def devolved(keys: Iterable[int], on: date | None) -> dict[int, Devolved]:
    """What is devolved of budgets, by holding: by the holder's form on a day, else by the form it last had while it
    held the budget. A query per batch, and one for the forms."""
    shares = recall("devolved-shares", _shares)
    forms = FormPeriod.objects.filter(organisation=OuterRef("organisation"))
    forms = forms.filter(start__lt=Coalesce(OuterRef("end"), date.max)) if on is None else forms.as_of(on)
    form = Subquery(forms.order_by("-start").values("form")[:1])
    found: dict[int, Devolved] = {}
    for some in batches(keys):
        for key, amount, slug in (
            BudgetHolding.objects.filter(pk__in=some).annotate(form=form).values_list("pk", "amount", F("form"))
        ):
            share = shares.get(slug)
            found[key] = (share, None if share is None else devolved_amount(amount, share))
    return found


def _shares() -> dict[str, Decimal | None]:
    return {
        slug: devolved_share(holds_budget=holds, commissioning_share=share)
        for slug, holds, share in Form.objects.values_list("slug", "holds_budget", "commissioning_share")
    }
