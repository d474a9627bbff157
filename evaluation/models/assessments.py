"""Assessments: options judged on criteria by a panel, weights, mitigations, and the runs of the method.

Once approved an assessment never changes: `evaluation.services` sees to it. People are kept by the ids of their users,
with the names as they were written then; those of shipped assessments have no user.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from commissioning.models import Service, ServiceGroup
from evaluation.method.vocabulary import AssessmentScope, AssessmentStatus, OptionKind, TransformKind, Weighing
from evaluation.models.querysets import AssessmentQuerySet, OptionQuerySet
from evaluation.models.reference import Criterion, Evidence, Framework, IntegrationOption
from organisations.models import Change, Form, Organisation
from pcorg.core.people import Author, Collaborator, NamedPerson, Owned


class Assessment(Owned):
    """An appraisal of options for a subject on a day. `reference` marks those that ship with the product, which belong
    to nobody, as all do that have a `slug`.

    `weights` holds what is said of the weights, by criterion slug: points for swing, places for ranking, a pair of
    fractions for bounds; empty otherwise. `seed` settles every drawn figure.
    """

    title = models.CharField(max_length=200)
    reference = models.BooleanField(default=False)
    slug = models.SlugField(max_length=60, unique=True, null=True, blank=True, help_text="Names a shipped assessment")
    illustrative = models.BooleanField(default=False, db_index=True)
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="assessments")
    subject = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="assessments")
    as_of = models.DateField(null=True, blank=True)
    scope = models.CharField(
        max_length=20, choices=AssessmentScope.choices(), default=AssessmentScope.ALL.value, db_index=True
    )
    service_group = models.ForeignKey(ServiceGroup, models.PROTECT, null=True, blank=True, related_name="assessments")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="assessments")
    purpose = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=AssessmentStatus.choices(), db_index=True)
    weighing = models.CharField(max_length=20, choices=Weighing.choices(), default=Weighing.NONE.value)
    weights = models.JSONField(default=dict, blank=True)
    seed = models.PositiveIntegerField()
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")
    change = models.ForeignKey(Change, models.PROTECT, null=True, blank=True, related_name="assessments")
    created_by = models.CharField(max_length=150, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, help_text="Counts the writes that touched the assessment")
    terms_version = models.PositiveIntegerField(
        default=1, help_text="Version since which its status and all but its judgements stand as they do"
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope=AssessmentScope.ALL.value, service_group__isnull=True, service__isnull=True)
                | Q(scope=AssessmentScope.GROUP.value, service_group__isnull=False, service__isnull=True)
                | Q(scope=AssessmentScope.SERVICE.value, service_group__isnull=True, service__isnull=False),
                name="assessment_scope_names_its_services",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_as_shipped(self) -> bool:
        """Whether nobody has touched it since it came with the product. Whoever judged it is invented then."""
        return self.slug is not None and self.version == 1


class AssessmentCollaborator(Collaborator):
    """Somebody whom the owner of an assessment named to work on it."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="collaborators")

    class Meta:
        ordering = ["assessment", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "user_id"], name="one_part_in_an_assessment_per_collaborator")
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.assessment_id}"


class AssessmentAuthor(Author):
    """Somebody who wrote a part of what is decided of an assessment, and so does not decide upon it."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="authors")

    class Meta:
        ordering = ["assessment", "at", "id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.what}"


class AssessmentComment(NamedPerson):
    """What somebody said of an assessment. Rows are never altered."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="comments")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["assessment", "at", "id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:40]}"


class AssessmentStep(models.Model):
    """A step in an assessment's life: the status it took, who, when and why. Rows are never altered."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="steps")
    status = models.CharField(max_length=20, choices=AssessmentStatus.choices())
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["assessment", "at", "id"]

    def __str__(self) -> str:
        return f"{self.status} by {self.by}"


class Option(models.Model):
    """An option in an assessment: an integration option, a provider-arm form, a proposed change, or the present
    arrangement. An option that fails the gate stays visible and is left out of the results; so does one that was set
    aside after it had been judged, with its judgements."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="options")
    key = models.SlugField(max_length=80, help_text="Slug of the option or form, change-12, or present-arrangement")
    kind = models.CharField(max_length=20, choices=OptionKind.choices())
    label = models.CharField(max_length=200)
    integration_option = models.ForeignKey(
        IntegrationOption, models.PROTECT, null=True, blank=True, related_name="assessed"
    )
    form = models.ForeignKey(Form, models.PROTECT, null=True, blank=True, related_name="assessed")
    change = models.ForeignKey(Change, models.PROTECT, null=True, blank=True, related_name="assessed")
    passes_gate = models.BooleanField(default=True)
    gate_reason = models.TextField(blank=True, help_text="Why it fails the critical success factors")
    set_aside = models.TextField(blank=True, help_text="Why it was taken away though it had been judged")
    position = models.PositiveSmallIntegerField()

    objects = OptionQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "position"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "position"], name="one_option_per_place"),
            models.UniqueConstraint(fields=["assessment", "key"], name="one_option_per_key"),
            models.CheckConstraint(
                condition=Q(
                    kind=OptionKind.INTEGRATION.value,
                    integration_option__isnull=False,
                    form__isnull=True,
                    change__isnull=True,
                )
                | Q(
                    kind=OptionKind.FORM.value, integration_option__isnull=True, form__isnull=False, change__isnull=True
                )
                | Q(
                    kind=OptionKind.CHANGE.value,
                    integration_option__isnull=True,
                    form__isnull=True,
                    change__isnull=False,
                )
                | Q(
                    kind=OptionKind.PRESENT.value,
                    integration_option__isnull=True,
                    form__isnull=True,
                    change__isnull=True,
                ),
                name="option_names_what_it_is",
            ),
            models.CheckConstraint(
                condition=Q(passes_gate=True) | ~Q(gate_reason=""), name="option_that_fails_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def counts(self) -> bool:
        """Whether it takes part in the results."""
        return self.passes_gate and not self.set_aside


class Assessor(NamedPerson):
    """Somebody on the panel; one row may stand for the panel's consensus. Whoever has no `invited_at` was on it and is
    not any more.

    `weights` are the assessor's own, in the terms of the assessment's; empty where none are given.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="panel")
    consensus = models.BooleanField(default=False)
    invited_by = models.CharField(max_length=150, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    weighing = models.CharField(max_length=20, choices=Weighing.choices(), blank=True)
    weights = models.JSONField(default=dict, blank=True)
    sheet_version = models.PositiveIntegerField(
        default=0, help_text="Version of the assessment since which these judgements stand"
    )

    class Meta:
        ordering = ["assessment", "consensus", "name"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "user_id"], name="one_assessor_per_user"),
            models.UniqueConstraint(fields=["assessment", "name"], name="one_assessor_per_name"),
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(consensus=True), name="one_consensus_per_assessment"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Judgement(models.Model):
    """An assessor's judgement of an option on a criterion: levels from 1 to 5, a point where they agree.

    `varies` where it depends on circumstances; `no_evidence` is the whole scale; `not_applicable` leaves the cell out.
    """

    assessor = models.ForeignKey(Assessor, models.PROTECT, related_name="judgements")
    option = models.ForeignKey(Option, models.PROTECT, related_name="judgements")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="judgements")
    low = models.PositiveSmallIntegerField()
    high = models.PositiveSmallIntegerField()
    varies = models.BooleanField(default=False)
    no_evidence = models.BooleanField(default=False)
    not_applicable = models.BooleanField(default=False)
    rationale = models.TextField(blank=True)
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="judgements")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["assessor", "option", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["assessor", "option", "criterion"], name="one_judgement_per_cell"),
            models.CheckConstraint(
                condition=Q(low__gte=1, high__lte=5, low__lte=F("high")), name="judgement_levels_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(no_evidence=False, not_applicable=False) | Q(low=1, high=5),
                name="judgement_without_evidence_is_the_whole_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.option_id} on {self.criterion_id}: {self.low} to {self.high}"


class PlannedMitigation(models.Model):
    """What would be done about a weakness in this assessment: its transform, its chance of delivery, and its owner."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="mitigations")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="planned_mitigations")
    options = models.ManyToManyField(Option, blank=True, related_name="mitigations", help_text="None means all")
    text = models.TextField()
    transform = models.CharField(max_length=20, choices=TransformKind.choices())
    amount = models.DecimalField(max_digits=4, decimal_places=2)
    delivery = models.DecimalField(max_digits=3, decimal_places=2, default=1)
    owner = models.CharField(max_length=150, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["assessment", "position"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "position"], name="one_mitigation_per_place"),
            models.CheckConstraint(condition=Q(delivery__range=(0, 1)), name="delivery_0_to_1"),
            models.CheckConstraint(condition=Q(amount__range=(0, 5)), name="mitigation_amount_0_to_5"),
        ]

    def __str__(self) -> str:
        return self.text
