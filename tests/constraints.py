"""Constraints tested both ways: what a test of a constraint states, and the days it is told with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint

APRIL = date(2002, 4, 1)
MARCH, MAY, JUNE = date(2002, 3, 1), date(2002, 5, 1), date(2002, 6, 1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """One constraint: a row it takes and a row it refuses. `before` makes what both need."""

    name: str
    takes: Callable[..., Any]
    refuses: Callable[..., Any]
    before: Callable[[], tuple[Any, ...]] = lambda: ()


def ends(make: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """A period that ends a day after it starts, or as it starts (struck out), and one that ends before."""
    return {
        "takes": lambda body: (make(body, start=APRIL, end=APRIL), make(body, start=APRIL, end=APRIL + DAY)),
        "refuses": lambda body: make(body, start=APRIL, end=APRIL - DAY),
    }


def refuses(case: Case) -> None:
    """The row that is wrong is refused, and by this constraint."""
    given = case.before()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        case.refuses(*given)
    # SQLite names the columns of a unique constraint and not the constraint; some it leaves to the overlap guard.
    if connection.vendor == "postgresql" or isinstance(constraints()[case.name], CheckConstraint):
        assert case.name in str(refusal.value)


def constraints(*names: str) -> dict[str, Any]:
    """Every named constraint of the models of some apps; of all where none is named."""
    models = [model for name in names for model in apps.get_app_config(name).get_models()] or apps.get_models()
    return {constraint.name: constraint for model in models for constraint in model._meta.constraints}
