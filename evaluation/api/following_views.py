"""What is followed over time: dispersals and integration profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from evaluation.actions import following as acting
from evaluation.api import examples
from evaluation.api import following_serializers as serializers
from evaluation.api.refusals import of_assessments
from evaluation.domain.smaa import DRAWS
from evaluation.filters import DispersalFilter, ProfileFilter
from evaluation.ingest.following import StatedDispersal, StatedProfilePoint
from evaluation.models import Dispersal, ProfilePoint
from evaluation.policies import FollowingDeed
from evaluation.queries import assessments, following
from organisations.actors import actor_of
from organisations.ingest.proposal import sent
from pcorg.api.paging import Order
from pcorg.api.problems import Problem
from pcorg.api.views import Listed, Resource
from pcorg.api.writing import Writing
from pcorg.values import whole_or_none


class Dispersals(Writing, Resource):
    """Which form for which group of a trust's services: the assessments of its groups, taken together."""

    item = serializers.DispersalItem
    whole = serializers.DispersalDocument
    filters = DispersalFilter
    lookup_url_kwarg = "id"
    noun = "dispersal"
    names_people = True
    key = Order("id", "id")
    orderings = (Order("title", "title", words=True), Order("as_of", "as_of"))
    answers = {"create": serializers.DispersalDocument}
    takes = {"create": StatedDispersal}
    examples = examples.DISPERSALS
    created_by = frozenset({"create"})
    deeds = {"create": FollowingDeed.DISPERSE}

    def rows(self) -> QuerySet[Dispersal]:
        return assessments.dispersals(self.asked["portfolio"])

    def one(self, key: str) -> Mapping[str, Any]:
        number = whole_or_none(key)
        if number is None or not Dispersal.objects.filter(pk=number).exists():
            raise Problem(404, f"No dispersal has the number {key[:40]}.")
        return self._document(number)

    def create(self, request: Request) -> HttpResponse:
        """Put the assessments of a trust's groups together."""

        def make() -> Response:
            with of_assessments():
                stated = sent(StatedDispersal, request.data)
                made = acting.create_dispersal(stated=stated, by=actor_of(request.user))
            document = self._document(made.pk)
            return Response(document, status=201, headers={"Location": document["url"]})

        return self.carried_out(request, make)

    def _document(self, number: int) -> dict[str, Any]:
        with of_assessments():
            document = following.dispersal_document(number, draws=DRAWS)
        url = self.whole(context={"request": self.request}).fields["url"]
        return {**document, "url": url.to_representation(number)}


class Profiles(Writing, Listed):
    """How integrated bodies are, on three axes, over time."""

    item = serializers.ProfilePointDocument
    names_people = True
    filters = ProfileFilter
    key = Order("id", "id")
    orderings = (
        Order("organisation", "organisation_id", text=True),
        Order("on", "on"),
        Order("axis", "axis", text=True),
    )
    answers = {"create": serializers.ProfilePointDocument}
    takes = {"create": StatedProfilePoint}
    examples = examples.PROFILES
    created_by = frozenset({"create"})
    deeds = {"create": FollowingDeed.PROFILE}

    def rows(self) -> QuerySet[ProfilePoint]:
        rows, portfolio, on = ProfilePoint.objects.order_by(), self.asked["portfolio"], self.asked["as_of"]
        if on is not None:
            rows = rows.filter(on__lte=on)
        if portfolio == "all":
            return rows
        if portfolio is None:
            return rows.filter(organisation__portfolio__illustrative=False)
        return rows.filter(organisation__portfolio=portfolio)

    def create(self, request: Request) -> HttpResponse:
        """Record how integrated a body is on an axis on a day; saying it again that day replaces what you said."""

        def make() -> Response:
            with of_assessments():
                stated = sent(StatedProfilePoint, request.data)
                point = acting.record_profile(stated=stated, by=actor_of(request.user))
            return Response(serializers.ProfilePointDocument(point).data, status=201)

        return self.carried_out(request, make)
