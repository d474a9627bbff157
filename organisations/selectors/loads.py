"""What is loaded, and by which loads."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Coalesce

from organisations.domain.vocabulary import LoadState
from organisations.models import Portfolio, PortfolioLoad, WaitingLoad
from organisations.policies import PortfolioPermission
from organisations.read_models.portfolios import PastLoad
from pcorg.core.policies import Actor, can
from pcorg.core.read_models import rows_of


def summaries() -> list[Portfolio]:
    """Every portfolio, real ones first."""
    return list(Portfolio.objects.all())


def past_loads() -> QuerySet[PortfolioLoad]:
    """Every load of every portfolio, newest first."""
    confirmed = Coalesce(F("confirmation__decided_by__username"), Value(""), output_field=CharField())
    return (
        PortfolioLoad.objects.select_related("portfolio").annotate(confirmed_by=confirmed).order_by("-loaded_at", "-pk")
    )


def loads_of(portfolio: Portfolio) -> list[PastLoad]:
    """The loads of a portfolio, newest first."""
    return rows_of(PastLoad, past_loads().filter(portfolio=portfolio))


def waiting_load(number: int) -> WaitingLoad | None:
    """A load that waits or waited, with the people concerned."""
    return WaitingLoad.objects.select_related("asked_by", "decided_by").filter(pk=number).first()


def waiting_for(person: int | None) -> QuerySet[WaitingLoad]:
    """The loads that wait for an approver with the number of this account: those of others, oldest first."""
    waiting = WaitingLoad.objects.filter(status=LoadState.WAITING).exclude(asked_by=person)
    return waiting.select_related("asked_by").defer("review").order_by("pk")


def own_waiting(person: int | None) -> QuerySet[WaitingLoad]:
    """The files of a person that wait, and the last that were decided, newest first."""
    return WaitingLoad.objects.filter(asked_by=person).select_related("decided_by").defer("review").order_by("-pk")[:10]


def steps_with(waiting: WaitingLoad, by: Actor) -> Iterator[str]:
    """What a person may do with a load."""
    if waiting.status != LoadState.WAITING:
        return
    if can(by, PortfolioPermission.WITHDRAW, waiting):
        yield "withdraw"
    if can(by, PortfolioPermission.CONFIRM, waiting):
        yield from ("confirm", "refuse")
