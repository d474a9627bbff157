"""The Django admin with the audit trail: what is written there is recorded in the same transaction."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.db import models, transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from pcorg.core.audit import trail
from pcorg.core.audit.subjects import Subject, linked_to, of_record
from pcorg.core.values import whole_or_none

PROTECTED_SHOWN = 20
SUBJECT = 200
"""Characters of a subject that the trail holds."""


class AuditedAdmin(admin.ModelAdmin):
    """A model's admin in which every save and every deletion adds an audit entry, or does not happen.

    Django runs a save and a single deletion in a transaction; the deletion of several is put into one here. A
    natural key is an identity: it is given once and then only read.
    """

    list_per_page = 50
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        readonly = [str(field) for field in super().get_readonly_fields(request, obj)]
        natural_key = obj is not None and self.opts.auto_field is None
        return [self.opts.pk.name, *readonly] if natural_key else readonly

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Saves what hangs on the record, which completes it, and records the write."""
        super().save_related(request, form, formsets, change)
        trail.record(
            actor=request.user.get_username(),
            action=f"{'change' if change else 'add'}-{self.opts.model_name}",
            subject=naming(form.instance),
            particulars=differences(form),
            wrote=of_record(form.instance),
        )

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        subject, wrote = naming(obj), [*of_record(obj), *linked_to(obj)]
        with transaction.atomic():
            super().delete_model(request, obj)
            self._record_deletion(request, subject, wrote)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with transaction.atomic():
            gone = [(naming(each), [*of_record(each), *linked_to(each)]) for each in queryset.order_by("pk")]
            super().delete_queryset(request, queryset)
            for subject, wrote in gone:
                self._record_deletion(request, subject, wrote)

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet, *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """What becomes of an action upon what is selected. Raises BadRequest where that can be no record."""
        numbered = isinstance(self.opts.pk, models.IntegerField)
        if numbered and None in map(whole_or_none, request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("What is selected is none of these records. Load the list again.")
        return super().response_action(request, queryset, *args, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """What goes with a deletion and what forbids it: where thousands do, the first few and how many."""
        deleted, counts, permissions, protected = super().get_deleted_objects(objs, request)
        more = len(protected) - PROTECTED_SHOWN
        if more > 0:
            protected = [*protected[:PROTECTED_SHOWN], f"and {more} more"]
        return deleted, counts, permissions, protected

    def _record_deletion(self, request: HttpRequest, subject: str, wrote: list[Subject]) -> None:
        trail.record(
            actor=request.user.get_username(),
            action=f"delete-{self.opts.model_name}",
            subject=subject,
            wrote=wrote,
        )


def differences(form: ModelForm) -> dict[str, dict[str, Any]]:
    """The fields that a form changed, each with its value before and after; of passwords and e-mail addresses no value:
    the trail can never be made to forget one."""
    return {
        name: {}
        if "password" in name or name == "email"
        else {"before": _plain(form.initial.get(name)), "after": _plain(form.cleaned_data.get(name))}
        for name in form.changed_data
    }


def naming(record: models.Model) -> str:
    """What the trail calls a record: its natural key or, where the key is a mere number, what it says it is."""
    return str(record.pk if record._meta.auto_field is None else record)[:SUBJECT]


def _plain(value: Any) -> Any:
    """A value as JSON can hold it: records by what names them, sets in order, decimals and dates as text."""
    if isinstance(value, models.QuerySet | list | tuple | set):
        return sorted(str(_plain(item)) for item in value)
    if isinstance(value, models.Model):
        return naming(value)
    return value if value is None or isinstance(value, bool | int) else str(value)
