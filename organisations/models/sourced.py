"""What every stated fact carries: how it is known."""

from __future__ import annotations

from django.db import models

from organisations.domain.vocabulary import Basis


class Cited(models.Model):
    """A record with its source: which one, where in it, and a note."""

    source = models.ForeignKey("organisations.Source", models.PROTECT, null=True, blank=True, related_name="+")
    locator = models.CharField(max_length=200, blank=True, help_text="Where in the source: lines 317-326")
    note = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def citation(self) -> str:
        """Source and place as one string: `goodwin-2001 lines 317-326`."""
        return cite(self.source_id, self.locator)


class ListedReference(Cited):
    """A reference record that has a slug of its own, a label that no other of its kind has, and a place in lists."""

    slug = models.SlugField(primary_key=True, max_length=60)
    label = models.CharField(max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.label


class Sourced(Cited):
    """A cited fact with its basis: recorded, stated, inferred, estimated."""

    basis = models.CharField(max_length=20, choices=Basis.choices())

    class Meta:
        abstract = True


def cite(source: str | None, locator: str) -> str:
    """A source's slug and a place in it as one string; empty when there is no source."""
    return f"{source or ''} {locator}".strip()
