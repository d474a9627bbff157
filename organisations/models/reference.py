"""Reference records: sources, forms, checks, the declared transition graph, the glossary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from organisations.domain.checks import GUARDS, KNOWN
from organisations.domain.checks.evidence import SETTLED_BY
from organisations.domain.forms import AllowedStep, CheckFacts, FormFacts, TransitionGraph
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import Applies, Family, Nature, Outcome, Route, SettledBy
from organisations.models.sourced import Cited
from pcorg.core.audit.kinds import DECLARED
from pcorg.core.audit.memory import recall


class Source(models.Model):
    """Where facts come from: a document, a register, or our own illustration."""

    slug = models.SlugField(primary_key=True)
    title = models.CharField(max_length=300)
    author = models.CharField(max_length=200, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title


class FormQuerySet(models.QuerySet["Form"]):
    """Forms in the domain's words."""

    def facts(self) -> dict[str, FormFacts]:
        """What the rules need to know of every form, by slug; one query, with a row for each check of a form."""
        forms: dict[str, Form] = {}
        checks: dict[str, set[str]] = defaultdict(set)
        for form in self.annotate(asked=F("checks")):
            forms[form.slug] = form
            asked: str | None = getattr(form, "asked")  # noqa: B009 - annotated above, unknown to the model
            checks[form.slug] |= {asked} if asked else set()
        return {slug: form.facts(checks[slug]) for slug, form in forms.items()}


class Form(Cited):
    """An organisational form: what such a body is, may do, and when it could exist.

    A capability is null where no source states it: silence is not No. `commissioning_share` is the fraction (0 to 1) of
    services it commissions for its population, where a source gives a number; `commissioning_note` says it in words.
    Populations count patients: `population_min` and `population_max` are
    the sizes such bodies had, both inclusive, `population_expected` the average that was predicted for them, which is
    no limit. `last_date` is the first day no such body could exist any more. `checks` are asked of a body of the form
    that no declared step leads to.
    """

    slug = models.SlugField(primary_key=True, max_length=60)
    label = models.CharField(max_length=120, unique=True)
    plural = models.CharField(max_length=120)
    family = models.CharField(max_length=40, choices=Family.choices(), db_index=True)
    level = models.PositiveSmallIntegerField(
        null=True, blank=True, db_index=True, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    nature = models.CharField(max_length=20, choices=Nature.choices(), default=Nature.BODY.value)
    free_standing = models.BooleanField(null=True, blank=True)
    pilot = models.BooleanField(default=False)
    advises = models.BooleanField(null=True, blank=True)
    holds_budget = models.BooleanField(null=True, blank=True)
    commissions = models.BooleanField(null=True, blank=True)
    provides_primary_care = models.BooleanField(null=True, blank=True)
    provides_community_services = models.BooleanField(null=True, blank=True)
    provides_social_care = models.BooleanField(null=True, blank=True)
    commissioning_share = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    commissioning_note = models.CharField(
        max_length=200, blank=True, help_text="How much it commissions, in words: almost all care"
    )
    accountable_to = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="holds_to_account")
    population_min = models.PositiveIntegerField(null=True, blank=True)
    population_max = models.PositiveIntegerField(null=True, blank=True)
    population_expected = models.PositiveIntegerField(
        null=True, blank=True, help_text="The average that was predicted for such bodies; no limit"
    )
    population_note = models.CharField(max_length=300, blank=True)
    first_date = models.DateField(null=True, blank=True)
    last_date = models.DateField(null=True, blank=True)
    ods_role = models.CharField("ODS role", max_length=10, blank=True)
    summary = models.TextField()
    checks: models.ManyToManyField = models.ManyToManyField(
        "PolicyCheck",
        blank=True,
        related_name="forms",
        help_text="Asked of such a body where no declared step leads to it, as when it is set up out of nothing",
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Place in lists, oldest family first")

    objects = FormQuerySet.as_manager()

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(condition=Q(level__isnull=True) | Q(level__range=(1, 4)), name="form_level_1_to_4"),
            models.CheckConstraint(
                condition=Q(commissioning_share__isnull=True) | Q(commissioning_share__range=(0, 1)),
                name="form_commissioning_share_0_to_1",
            ),
            models.CheckConstraint(
                condition=Q(population_min__isnull=True)
                | Q(population_max__isnull=True)
                | Q(population_min__lte=F("population_max")),
                name="form_population_bounds_in_order",
            ),
            models.CheckConstraint(
                condition=Q(first_date__isnull=True) | Q(last_date__isnull=True) | Q(first_date__lt=F("last_date")),
                name="form_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def facts(self, checks: Iterable[str]) -> FormFacts:
        """This form, with the codes of its checks, as the rules know it."""
        return FormFacts(
            slug=self.slug,
            label=self.label,
            family=Family.stored(self.family),
            nature=Nature.stored(self.nature),
            level=self.level,
            pilot=self.pilot,
            free_standing=self.free_standing,
            holds_budget=self.holds_budget,
            provides_primary_care=self.provides_primary_care,
            population_min=self.population_min,
            population_max=self.population_max,
            population_expected=self.population_expected,
            first_date=self.first_date,
            last_date=self.last_date,
            checks=frozenset(checks),
        )


class PolicyCheckQuerySet(models.QuerySet["PolicyCheck"]):
    """Checks in the domain's words."""

    def facts(self) -> dict[str, CheckFacts]:
        """What the engine obeys of every check, by code."""
        return {
            code: CheckFacts(code, Outcome(severity), Applies(applies))
            for code, severity, applies in self.values_list("code", "severity", "applies")
        }


class PolicyCheck(Cited):
    """A policy check that a proposed change must meet: what it asks, how strictly, of which changes, and what can
    settle it.

    The engine obeys the record: `severity` is the outcome where the check is not met, `applies` which changes it is
    asked of. What can settle a check is part of how it is worked out and is not for a record to change.
    """

    code = models.SlugField(primary_key=True)
    title = models.CharField(max_length=120)
    question = models.CharField(max_length=300)
    severity = models.CharField(
        max_length=10,
        choices=[(term.value, term.label) for term in (Outcome.ADVISE, Outcome.BLOCK)],
        help_text="What an unmet check does to a proposal. Where the facts are not known it only advises.",
    )
    applies = models.CharField(
        max_length=10,
        choices=Applies.choices(),
        default=Applies.DECLARED.value,
        help_text="Of which changes it is asked",
    )
    settled_by = models.CharField(max_length=10, choices=SettledBy.choices())
    position = models.PositiveSmallIntegerField(default=0)

    objects = PolicyCheckQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code__in=sorted(GUARDS)) | Q(severity=Outcome.BLOCK.value, applies=Applies.ALWAYS.value),
                name="check_guards_always_block",
                violation_error_message="This check keeps the record whole: it blocks, and is asked of every change.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Raises ValidationError where no such check is worked out, or not as the record says."""
        if self.code not in KNOWN:
            raise ValidationError({"code": f"No check with the code {self.code} is worked out here."})
        settled_by = SETTLED_BY.get(self.code, SettledBy.DATA)
        if self.settled_by != settled_by:
            raise ValidationError({"settled_by": f"What settles this check is {settled_by.label.lower()}."})


class TransitionRuleQuerySet(models.QuerySet["TransitionRule"]):
    """The declared graph."""

    def graph(self) -> TransitionGraph:
        """All rules as the domain knows them; two queries."""
        return TransitionGraph.of(rule.as_rule() for rule in self.prefetch_related("checks"))


class TransitionRule(Cited):
    """One step that is allowed: from a form to a form by a route, between two days, both inclusive."""

    from_form = models.ForeignKey(Form, models.PROTECT, related_name="steps_out")
    to_form = models.ForeignKey(Form, models.PROTECT, related_name="steps_in")
    route = models.CharField(max_length=20, choices=Route.choices(), db_index=True)
    earliest = models.DateField(null=True, blank=True)
    latest = models.DateField(null=True, blank=True)
    checks = models.ManyToManyField(
        PolicyCheck, blank=True, related_name="rules", help_text="Asked of a change that takes this step"
    )

    objects = TransitionRuleQuerySet.as_manager()

    class Meta:
        ordering = ["from_form__position", "to_form__position", "route"]
        constraints = [
            models.UniqueConstraint(fields=["from_form", "to_form", "route"], name="one_rule_per_step"),
            models.CheckConstraint(
                condition=Q(earliest__isnull=True) | Q(latest__isnull=True) | Q(earliest__lte=F("latest")),
                name="rule_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_form_id} → {self.to_form_id} by {self.route}"

    def as_rule(self) -> AllowedStep:
        """This step as the domain knows it."""
        return AllowedStep(
            from_form=self.from_form_id,
            to_form=self.to_form_id,
            route=Route(self.route),
            earliest=self.earliest,
            latest=self.latest,
            checks=frozenset(check.code for check in self.checks.all()),
            source=self.citation,
        )


class GlossaryTerm(Cited):
    """A term or acronym and what it means, in plain words."""

    term = models.CharField(max_length=120, primary_key=True)
    abbreviation = models.CharField(max_length=20, blank=True)
    meaning = models.TextField()
    see = models.ManyToManyField(Form, blank=True, related_name="glossary_terms")

    class Meta:
        ordering = ["term"]

    def __str__(self) -> str:
        return self.term


def rules_only() -> Snapshot:
    """A snapshot of no bodies, with the forms in the order of their lists, the declared graph and the checks: where a
    new portfolio starts."""
    return recall("rules-only", _read, rests_on=DECLARED)


def _read() -> Snapshot:
    return Snapshot(
        forms=Form.objects.all().facts(),
        graph=TransitionRule.objects.all().graph(),
        checks=PolicyCheck.objects.all().facts(),
    )
