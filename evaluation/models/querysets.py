"""Assessments in the words of the domain: who reads which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from evaluation.method.vocabulary import SETTLED
from pcorg.core.people import theirs
from pcorg.core.policies import Actor

if TYPE_CHECKING:
    from evaluation.models import Assessment, Dispersal, Option  # noqa: F401 - names the types of the querysets

PUBLIC = Q(status__in=SETTLED) | Q(slug__isnull=False)
"""What everybody reads: an assessment that was put to decision by closing it, and whatever ships with the product."""


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments and who reads them."""

    def visible_to(self, by: Actor) -> Self:
        """Those that somebody reads: the public ones, and of drafts and open ones those they own, were named to work on
        or are or were on the panel of."""
        if not by.known:
            return self.filter(PUBLIC)
        mine = Q(user_id=by.id) if by.id is not None else Q(user_id=None, name=by.name)
        panel = apps.get_model("evaluation", "Assessor")._default_manager.order_by().filter(mine, consensus=False)
        named = apps.get_model("evaluation", "AssessmentCollaborator")._default_manager.order_by()
        return self.filter(
            PUBLIC | theirs(by, named, "assessment") | Q(Exists(panel.filter(assessment=OuterRef("pk"))))
        )


class DispersalQuerySet(models.QuerySet["Dispersal"]):
    """Dispersals and who reads them."""

    def visible_to(self, by: Actor) -> Self:
        """Those of whose assessments somebody reads every one: a dispersal tells what they come to."""
        read = apps.get_model("evaluation", "Assessment")._default_manager.visible_to(by).order_by().values("pk")
        parts = apps.get_model("evaluation", "DispersalPart")._default_manager.order_by()
        return self.exclude(Exists(parts.filter(dispersal=OuterRef("pk")).exclude(assessment__in=read)))


class OptionQuerySet(models.QuerySet["Option"]):
    """Options and which of them count."""

    def counting(self) -> Self:
        """Those that take part in the results: they meet the critical success factors and were not set aside."""
        return self.filter(passes_gate=True, set_aside="")
