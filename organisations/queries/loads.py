"""What is loaded, and by which loads."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from organisations.models import Portfolio, PortfolioLoad

LOAD_FIELDS = ("file_name", "sha256", "loaded_at", "loaded_by", "created", "changed", "unchanged")


def summaries() -> list[Portfolio]:
    """Every portfolio, real ones first."""
    return list(Portfolio.objects.all())


def past_loads() -> QuerySet[PortfolioLoad]:
    """Every load of every portfolio, newest first."""
    return PortfolioLoad.objects.select_related("portfolio").order_by("-loaded_at", "-pk")


def loads_of(portfolio: Portfolio) -> list[dict[str, Any]]:
    """The loads of a portfolio, newest first."""
    return list(past_loads().filter(portfolio=portfolio).values(*LOAD_FIELDS))
