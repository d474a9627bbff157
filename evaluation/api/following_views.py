"""What is followed over time: dispersals and integration profiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from evaluation.api import examples
from evaluation.api.versions import VersionedViewSet, versions_expected
from evaluation.filters import DispersalFilter, ProfileFilter
from evaluation.models import Dispersal, ProfilePoint
from evaluation.policies import FollowingPermission
from evaluation.read_models.following import DispersalDocument, DispersalItem, ProfilePointDocument
from evaluation.selectors import assessments, following
from evaluation.selectors.people import COMMISSIONER
from evaluation.services import following as acting
from evaluation.services.comments import name_collaborators_of_dispersal
from evaluation.specs.following import StatedDispersal, StatedProfilePoint
from organisations.specs.change import sent
from organisations.specs.decision import StatedCollaborators
from pcorg.core.api.paging import Order
from pcorg.core.api.read_models import serializer_of
from pcorg.core.api.views import ListViewSet, Records
from pcorg.core.api.writing import Writing
from pcorg.core.people import name_shown_to


class DispersalsViewSet(Writing, VersionedViewSet[Dispersal]):
    """Which form for which group of a trust's services: the assessments of its groups, taken together."""

    item = DispersalItem
    whole = DispersalDocument
    filters = DispersalFilter
    noun = "dispersal"
    key = Order("id", "id")
    orderings = (Order("title", "title", words=True), Order("as_of", "as_of"))
    answers = {
        "create": DispersalDocument,
        "collaborators": DispersalDocument,
    }
    takes = {"create": StatedDispersal, "collaborators": StatedCollaborators}
    examples = examples.DISPERSALS
    created_by = frozenset({"create"})
    permissions = {"create": FollowingPermission.DISPERSE, "collaborators": FollowingPermission.NAME_COLLABORATORS}
    needs_version = frozenset({"collaborators"})

    def rows(self) -> QuerySet[Dispersal]:
        return assessments.dispersals(self.query["portfolio"], self.actor)

    def all_rows(self) -> QuerySet[Dispersal]:
        return Dispersal.objects.visible_to(self.actor)

    def tag(self, record: Dispersal) -> str:
        return f'"{record.pk}.{record.state}"'

    def attach(self, records: Records, keys: Sequence[int], names: Sequence[str]) -> None:
        dispersals = Dispersal.objects.in_bulk(keys)
        for record, number in zip(records, keys, strict=True):
            people = {"owner": dispersals[number].owner_name, "created_by": dispersals[number].created_by}
            record.update({name: name_shown_to(self.actor, people[name], COMMISSIONER) for name in names})

    def one(self, key: str) -> Mapping[str, Any]:
        return self._document(self._found(key))

    def create(self, request: Request) -> HttpResponse:
        """Put the assessments of a trust's groups together."""

        def make() -> Response:
            stated = sent(StatedDispersal, request.data)
            made = acting.create_dispersal(stated=stated, by=self.actor)
            document = self._document(made)
            headers = {"Location": document["url"], "ETag": self.tag(made)}
            return Response(document, status=201, headers=headers)

        return self.carried_out(request, make)

    @action(detail=True, methods=["put"])
    def collaborators(self, request: Request, id: str) -> HttpResponse:
        """Name who works on a dispersal beside you, in the place of those named before. For its owner."""

        def put() -> Response:
            number = self._found(id).pk
            dispersal = name_collaborators_of_dispersal(
                dispersal=number,
                expected_versions=versions_expected(request, number),
                names=sent(StatedCollaborators, request.data).collaborators,
                by=self.actor,
            )
            return Response(self._document(dispersal), headers={"ETag": self.tag(dispersal)})

        return self.carried_out(request, put)

    def _document(self, dispersal: Dispersal) -> Mapping[str, Any]:
        figures = following.dispersal_figures(dispersal)
        return self.with_address(following.dispersal_document(dispersal, figures, self.actor))


class ProfilesViewSet(Writing, ListViewSet):
    """How integrated bodies are, on three axes, over time."""

    item = ProfilePointDocument
    filters = ProfileFilter
    key = Order("id", "id")
    orderings = (
        Order("organisation", "organisation_id", text=True),
        Order("on", "on"),
        Order("axis", "axis", text=True),
    )
    answers = {"create": ProfilePointDocument}
    takes = {"create": StatedProfilePoint}
    examples = examples.PROFILES
    created_by = frozenset({"create"})
    permissions = {"create": FollowingPermission.PROFILE}

    def attach(self, records: Records, keys: Sequence[int], names: Sequence[str]) -> None:
        points = ProfilePoint.objects.in_bulk(keys)
        for record, number in zip(records, keys, strict=True):
            point = points[number]
            record["assessor"] = following.viewer(
                self.actor, point.assessor, consensus=point.consensus, basis=point.basis
            )

    def rows(self) -> QuerySet[ProfilePoint]:
        rows, portfolio, on = ProfilePoint.objects.order_by(), self.query["portfolio"], self.query["as_of"]
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
            stated = sent(StatedProfilePoint, request.data)
            point = acting.record_profile(stated=stated, by=self.actor)
            return Response(serializer_of(ProfilePointDocument)(point).data, status=201)

        return self.carried_out(request, make)
