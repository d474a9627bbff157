"""Changes: what went in, what came out, who decided, and the lineage they drew."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from organisations.domain.integrity import CARDINALITY
from organisations.domain.vocabulary import ChangeKind, ChangeStatus, Outcome, Route, ShareBasis
from organisations.models.bodies import Organisation
from organisations.models.querysets import STANDING, ChangeQuerySet, StandingQuerySet, StandingRows
from organisations.models.reference import PolicyCheck
from organisations.models.sourced import Sourced
from pcorg.core.people import Author, Collaborator, Owned


def cardinality() -> Q:
    """The condition that a change has as many originals and results as its kind allows."""
    condition = Q()
    for kind, allowed in CARDINALITY.items():
        of_kind = Q(kind=kind.value)
        for name, (low, high) in (("originals_count", allowed.originals), ("resulting_count", allowed.outcome)):
            of_kind &= Q(**{f"{name}__gte": low}) if high is None else Q(**{f"{name}__range": (low, high)})
        condition |= of_kind
    return condition


class Change(Owned, Sourced):
    """A change event (W3C `org:ChangeEvent`). Effected changes are history and are never edited.

    `sequence` orders the effected changes of a portfolio on one day in the order in which they were effected.
    `reference` names a recorded change within its portfolio. `recorded` tells history from proposals, which belong to
    whoever proposed or drafted them.
    """

    portfolio = models.ForeignKey("organisations.Portfolio", models.PROTECT, related_name="changes")
    reference = models.SlugField(max_length=100, blank=True)
    kind = models.CharField(max_length=20, choices=ChangeKind.choices(), db_index=True)
    route = models.CharField(max_length=20, choices=Route.choices(), blank=True)
    status = models.CharField(max_length=20, choices=ChangeStatus.choices(), db_index=True)
    recorded = models.BooleanField(default=False)
    effective_on = models.DateField(db_index=True)
    sequence = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=200)
    rationale = models.TextField(blank=True)
    legal_instrument = models.CharField(max_length=200, blank=True)
    evidence = models.JSONField(default=dict, blank=True, help_text="Evidence in words, by check code")
    particulars = models.JSONField(default=dict, blank=True, help_text="The change as it was asked for")
    flag = models.TextField(blank=True, help_text="Why an open proposal needs looking at again")
    version = models.PositiveIntegerField(default=1, help_text="Counts the writes that touched the change")
    originals_count = models.PositiveIntegerField(default=0, help_text="Bodies that went in when it was carried out")
    resulting_count = models.PositiveIntegerField(default=0, help_text="Bodies that came out then")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    undone_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="undoes",
        help_text="The correction that struck it out",
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "sequence", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["portfolio", "reference"], condition=~Q(reference=""), name="one_change_per_reference"
            ),
            models.UniqueConstraint(
                fields=["portfolio", "effective_on", "sequence"],
                condition=Q(status=ChangeStatus.EFFECTED.value),
                name="one_change_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.TRANSITION.value, route__gt="") | ~Q(kind=ChangeKind.TRANSITION.value),
                name="transition_has_a_route",
            ),
            models.CheckConstraint(
                condition=Q(recorded=False) | Q(status=ChangeStatus.EFFECTED.value),
                name="recorded_change_is_effected",
            ),
            models.CheckConstraint(
                condition=~Q(status=ChangeStatus.EFFECTED.value) | cardinality(),
                name="effected_change_has_its_cardinality",
            ),
        ]
        indexes = [models.Index(fields=["portfolio", "effective_on", "sequence"], name="change_in_order")]

    def __str__(self) -> str:
        return self.title


class Correctable(models.Model):
    """What a change says that a later correction may supersede: the row no longer counts, and stays readable through
    `with_struck_out`; `objects` leaves it out."""

    superseded_by = models.ForeignKey(Change, models.PROTECT, null=True, blank=True, related_name="+")

    objects = StandingRows()
    with_struck_out = StandingQuerySet.as_manager()

    class Meta:
        abstract = True


class ChangeParty(Correctable):
    """An organisation's part in a change: it went in, came out, or (when it continues) both."""

    ORIGINAL = "original"
    RESULTING = "resulting"

    change = models.ForeignKey(Change, models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="parts_in_changes")
    role = models.CharField(max_length=10, choices=[(ORIGINAL, "Original"), (RESULTING, "Resulting")])
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["change", "role", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "organisation", "role"], condition=STANDING, name="one_part_per_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} ({self.role})"


class LineageEdge(Correctable):
    """The share (0 to 1) of an original's population that a resulting organisation took, by an effected change.

    Where `of` holds codes, it took back people who had come to the original from those organisations.
    """

    change = models.ForeignKey(Change, models.PROTECT, related_name="edges")
    original = models.ForeignKey(Organisation, models.PROTECT, related_name="edges_out")
    resulting = models.ForeignKey(Organisation, models.PROTECT, related_name="edges_in")
    share = models.DecimalField(max_digits=7, decimal_places=6)
    basis = models.CharField(max_length=20, choices=ShareBasis.choices())
    of = models.JSONField(default=list, blank=True, help_text="Codes of the organisations whose people it took back")
    of_share = models.DecimalField(
        max_digits=7, decimal_places=6, default=1, help_text="The part of their people that it took"
    )
    others_share = models.DecimalField(
        max_digits=7, decimal_places=6, default=0, help_text="The part of all other people that it took with them"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["change", "original", "resulting"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "original", "resulting"], condition=STANDING, name="one_edge_per_pair"
            ),
            models.CheckConstraint(condition=Q(share__range=(0, 1)), name="edge_share_0_to_1"),
            models.CheckConstraint(
                condition=Q(of_share__range=(0, 1), others_share__range=(0, 1)), name="edge_shares_taken_back_0_to_1"
            ),
            models.CheckConstraint(condition=~Q(original=F("resulting")), name="edge_leads_elsewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.original_id} → {self.resulting_id}: {self.share}"


class LineageLink(Correctable):
    """The share (0 to 1) of the people whom an earlier organisation had at its end that one coming out of a change has.

    Stated by the change, it outranks what multiplying through the organisations between the two would give.
    """

    change = models.ForeignKey(Change, models.PROTECT, related_name="links")
    original = models.ForeignKey(Organisation, models.PROTECT, related_name="links_out")
    resulting = models.ForeignKey(Organisation, models.PROTECT, related_name="links_in")
    share = models.DecimalField(max_digits=7, decimal_places=6)
    basis = models.CharField(max_length=20, choices=ShareBasis.choices())
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["change", "original", "resulting"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "original", "resulting"], condition=STANDING, name="one_link_per_pair"
            ),
            models.CheckConstraint(condition=Q(share__range=(0, 1)), name="link_share_0_to_1"),
            models.CheckConstraint(condition=~Q(original=F("resulting")), name="link_leads_elsewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.original_id} → {self.resulting_id}: {self.share}"


class ChangeMove(models.Model):
    """Something named (a member's code, a service, a ward) that a change passed from one body to another."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="moves")
    what = models.CharField(max_length=200)
    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["change", "id"]

    def __str__(self) -> str:
        return f"{self.what}: {self.giver_id} → {self.receiver_id}"


class ChangeEffects(models.Model):
    """What a change did when it was carried out: the effects of the operations of its plan, in their order
    (`organisations.domain.effects.Effect.stored`). A row is never altered: of a change that a correction undid it says
    what was done.
    """

    change = models.OneToOneField(Change, models.PROTECT, primary_key=True, related_name="effects")
    effects = models.JSONField()

    class Meta:
        ordering = ["change"]

    def __str__(self) -> str:
        return f"Effects of {self.change_id}"


class ChangeDecision(models.Model):
    """A step in a change's life: the status it took, who decided, when and why. Rows are never altered."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="decisions")
    status = models.CharField(max_length=20, choices=ChangeStatus.choices())
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["change", "at", "id"]

    def __str__(self) -> str:
        return f"{self.status} by {self.by}"


class ChangeCollaborator(Collaborator):
    """Somebody whom the owner of a change named to work on it."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="collaborators")

    class Meta:
        ordering = ["change", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["change", "user_id"], name="one_part_in_a_change_per_collaborator")
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.change_id}"


class ChangeAuthor(Author):
    """Somebody who wrote a part of what is decided of a change, and so does not decide upon it."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="authors")

    class Meta:
        ordering = ["change", "at", "id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.what}"


class ChangeComment(models.Model):
    """What somebody said of a change while it was discussed. Rows are never altered."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="comments")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["change", "at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="comment_says_something")]

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:40]}"


class Consultation(models.Model):
    """The public consultation on a proposed change: its dates (both inclusive), responses, and what came of it."""

    change = models.OneToOneField(Change, models.PROTECT, related_name="consultation")
    opens = models.DateField(null=True, blank=True)
    closes = models.DateField(null=True, blank=True)
    responses_for = models.PositiveIntegerField(null=True, blank=True)
    responses_against = models.PositiveIntegerField(null=True, blank=True)
    summary = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__isnull=True) | Q(closes__isnull=True) | Q(opens__lte=F("closes")),
                name="consultation_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"Consultation on {self.change_id}"


class ChangeFinding(models.Model):
    """What a policy check found of a change when it was recorded or last decided upon.

    Of recorded history these are advisories only. Of a proposal an approver may override an advisory with a reason.
    """

    change = models.ForeignKey(Change, models.PROTECT, related_name="findings")
    policy_check = models.ForeignKey(PolicyCheck, models.PROTECT, related_name="findings")
    outcome = models.CharField(max_length=10, choices=Outcome.choices())
    message = models.TextField()
    source = models.CharField(max_length=250, blank=True)
    overridden_by = models.CharField(max_length=150, blank=True)
    override_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["change", "policy_check"]
        constraints = [
            models.CheckConstraint(
                condition=Q(overridden_by="", override_reason="") | (~Q(overridden_by="") & ~Q(override_reason="")),
                name="override_has_who_and_why",
            )
        ]

    def __str__(self) -> str:
        return f"{self.policy_check_id}: {self.outcome}"
