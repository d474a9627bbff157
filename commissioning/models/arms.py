"""Provider arms: how far they are separated, how their services are grouped, which form is chosen for each group."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from commissioning.domain.vocabulary import AnswerState, HoldingKind, Separation
from commissioning.models.holding import HoldingModel, Thing, ends_after_start
from commissioning.models.reference import Approach, Recommendation, Service
from organisations.models import Form, Organisation
from organisations.models.sourced import Sourced


class ProviderArm(Thing):
    """The part of a trust that provides services. A separation makes a group of it, or all of it, a body.

    `approaches_on` is the day of which the approaches are recorded; null where the source does not date them.
    """

    approaches = models.ManyToManyField(Approach, blank=True, related_name="arms")
    approaches_on = models.DateField(null=True, blank=True)


class ArmHolding(HoldingModel):
    """The trust an arm is part of for a period, and how far it is separated then."""

    kind = HoldingKind.ARM

    item = models.ForeignKey(ProviderArm, models.PROTECT, related_name="holdings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="arms")
    separation = models.CharField(max_length=20, choices=Separation.choices(), db_index=True)

    class Meta(HoldingModel.Meta):
        constraints = [
            ends_after_start("arm_holding_ends_after_start"),
        ]
        indexes = [models.Index(fields=["organisation", "start", "end"], name="arm_by_trust")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.organisation_id}, {self.separation}"


class PortfolioGroup(Thing):
    """Services of an arm that belong together (strategic coherence), why, and the form chosen for them, if any."""

    arm = models.ForeignKey(ProviderArm, models.PROTECT, related_name="groups")
    services = models.ManyToManyField(Service, blank=True, related_name="portfolio_groups")
    coherence = models.TextField(blank=True, help_text="Why these services belong together")
    chosen_form = models.ForeignKey(Form, models.PROTECT, null=True, blank=True, related_name="+")
    chosen_on = models.DateField(null=True, blank=True)

    class Meta(Thing.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(chosen_form__isnull=True, chosen_on__isnull=True)
                | Q(chosen_form__isnull=False, chosen_on__isnull=False),
                name="form_is_chosen_on_a_day",
            )
        ]


class GroupHolding(HoldingModel):
    """Who holds a group of services for a period: the trust, then the body that the group becomes."""

    kind = HoldingKind.GROUP

    item = models.ForeignKey(PortfolioGroup, models.PROTECT, related_name="holdings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="portfolio_groups")

    class Meta(HoldingModel.Meta):
        constraints = [
            ends_after_start("group_holding_ends_after_start"),
        ]
        indexes = [models.Index(fields=["organisation", "start", "end"], name="group_by_holder")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.organisation_id}"


class Milestone(Sourced):
    """A step on the way of an arm's separation: when it is due and when it was reached."""

    arm = models.ForeignKey(ProviderArm, models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=200)
    due = models.DateField()
    reached = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["arm", "due", "title"]
        constraints = [models.UniqueConstraint(fields=["arm", "title"], name="one_milestone_per_title")]

    def __str__(self) -> str:
        return self.title


class RecommendationAnswer(Sourced):
    """How a trust answers a recommendation of the report on a day, with the evidence for it. The latest stands."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="recommendation_answers")
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="answers")
    state = models.CharField(max_length=20, choices=AnswerState.choices(), db_index=True)
    evidence = models.TextField(blank=True)
    answered_on = models.DateField()
    by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["organisation", "recommendation", "answered_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "recommendation", "answered_on"], name="one_answer_per_day"
            ),
            models.CheckConstraint(
                condition=~Q(state=AnswerState.MET.value) | ~Q(evidence=""), name="met_has_evidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.recommendation_id}: {self.state}"
