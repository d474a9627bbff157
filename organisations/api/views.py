"""Organisations, and the configuration they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from organisations.api import examples
from organisations.api.resolving import ResolveRequestSerializer
from organisations.filters import OrganisationFilter
from organisations.read_models.configuration import Comparison, Configuration, Series
from organisations.read_models.lineage import Lineage, Resolution
from organisations.read_models.organisations import OrganisationDetail, OrganisationItem, Timeline
from organisations.selectors import configuration, lineage, organisations
from pcorg.core.api.paging import Order
from pcorg.core.api.parameters import Parameter, choice, day_parameter, whole_number
from pcorg.core.api.problems import ApiProblem, Fault, ProblemCode
from pcorg.core.api.views import BaseViewSet, RecordViewSet
from pcorg.core.audit.memory import one_version
from pcorg.core.http.budgets import Work, spending
from pcorg.core.portfolios import last_covered

MOST_POINTS = 600
DIRECTION = choice(
    "direction", "Which way to follow: where it came from, what became of it, or both.", lineage.Direction.BOTH
)
DEPTH = Parameter(
    "depth",
    "How many changes away to go; without it all the way.",
    whole_number(1, 100),
    {"type": "integer", "minimum": 1, "maximum": 100},
)
STEP = choice("step", "How far apart the points lie.", configuration.SeriesStep.YEAR)


class OrganisationsViewSet(RecordViewSet):
    """Bodies of primary care and their partners, on any date, with lineage and timeline."""

    noun = "organisation"
    item = OrganisationItem
    whole = OrganisationDetail
    filters = OrganisationFilter
    lookup_url_kwarg = "code"
    key = Order("code", "code", text=True)
    orderings = (
        Order("name", "name", words=True, nullable=True),
        Order("form", "form", text=True, nullable=True),
        Order("level", "form_level", nullable=True),
        Order("opened", "opened"),
        Order("closed", "closed", nullable=True),
        Order("population", "people", nullable=True),
        Order("accountable_to", "accountable_to", text=True, nullable=True),
    )
    answers = {
        "lineage": Lineage,
        "timeline": Timeline,
        "resolve": Resolution,
    }
    takes = {"resolve": ResolveRequestSerializer}
    extra_parameters = {"lineage": (DIRECTION, DEPTH)}
    open_actions = frozenset({"resolve"})
    examples = examples.ORGANISATIONS

    def rows(self) -> QuerySet:
        return organisations.listing(self.query["as_of"], portfolio=self.query["portfolio"])

    def one(self, key: str) -> Mapping[str, Any]:
        document = organisations.detail(key, on=self.query["as_of"])
        self._in_portfolio(key, document["portfolio"])
        return document

    @action(detail=True)
    def lineage(self, request: Request, code: str) -> Response:
        """Where an organisation came from and what became of it, with shares."""
        body, on = organisations.found(code), self.query["as_of"]
        if on is not None and on < body.opened:
            raise organisations.NotInForce(body, on)
        self._in_portfolio(code, body.portfolio_id)
        direction, depth = self.query["direction"], self.query["depth"]
        return self.answer(lineage.lineage_of(body.code, direction=direction, depth=depth, on=on))

    @action(detail=True)
    def timeline(self, request: Request, code: str) -> Response:
        """Everything dated about an organisation in order of time."""
        return self.answer(organisations.timeline(code, on=self.query["as_of"]))

    @action(detail=False, methods=["post"])
    def resolve(self, request: Request) -> Response:
        """For each old code of data of a day (`from`) the bodies that stand for it on a date (`on`), with shares and
        how each is known. Reads, by POST because it is long."""
        body = ResolveRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        data = body.validated_data
        codes = [code or "" for code in data["codes"]]
        with one_version():
            return Response(lineage.resolve(codes, on=data["on"], since=data["from"]))

    def _in_portfolio(self, code: str, portfolio: str) -> None:
        """Refuse a body of another portfolio than the one asked for. Without one, every code answers."""
        portfolio_requested = self.query["portfolio"]
        if portfolio_requested not in {None, "all", portfolio}:
            message = f"{code} belongs to the portfolio {portfolio}, not {portfolio_requested}."
            raise ApiProblem(404, message, code=ProblemCode.UNKNOWN_ORGANISATION)


class ConfigurationViewSet(BaseViewSet):
    """The system on a date, over time, and between two dates."""

    answers = {
        "list": Configuration,
        "series": Series,
        "compare": Comparison,
    }
    extra_parameters = {
        "series": (
            day_parameter("from", "First day of the series.", required=True),
            day_parameter("to", "Last day of the series.", required=True),
            STEP,
        ),
        "compare": (
            day_parameter("a", "The day to start from.", required=True),
            day_parameter("b", "The day to compare it with.", required=True),
        ),
    }
    examples = examples.CONFIGURATION
    of_no_day = frozenset({"series", "compare"})

    def list(self, request: Request) -> Response:
        """The system on a date; without one on the last day covered."""
        portfolio = self.query["portfolio"]
        on = self.query["as_of"] or last_covered(portfolio)
        return self.answer(configuration.configuration(on, portfolio=portfolio))

    @action(detail=False)
    def series(self, request: Request) -> Response:
        """The system on days a step apart; at most 600 of them."""
        start, end, step = (self.query[name] for name in ("from", "to", "step"))
        if end < start:
            raise ApiProblem(400, faults=[Fault.of_parameter("to", "The series ends before it begins.")])
        months = (end.year - start.year) * 12 + end.month - start.month
        if months // step.months >= MOST_POINTS:
            message = f"The series would have more than {MOST_POINTS} points; take a longer step or a shorter time."
            raise ApiProblem(400, faults=[Fault.of_parameter("step", message)])
        portfolio = self.query["portfolio"]
        cost = (months // step.months + 1) * configuration.bodies_ever(portfolio)
        with spending(Work.POINTS, cost, instead="Take a longer step or a shorter time."):
            points = configuration.series(start, end, step, portfolio=portfolio)
        return self.answer({"points": points})

    @action(detail=False)
    def compare(self, request: Request) -> Response:
        """What opened, closed, changed form or name between two dates, and by which changes."""
        return self.answer(configuration.compare(self.query["a"], self.query["b"], portfolio=self.query["portfolio"]))
