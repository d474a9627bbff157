"""How rows of a file become records and records become rows: strictly, compared with what is held, audited.

An import brings what is new and sets what differs. It removes nothing. Where anything is wrong nothing is written, and
all that is wrong is told, by row.
"""

from __future__ import annotations

import functools
from collections import Counter
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from import_export import resources, widgets
from import_export.results import Result, RowResult

from pcorg.core.audit import trail
from pcorg.core.audit.admin import SUBJECT, naming
from pcorg.core.audit.subjects import of_record

CITATION = ("source", "locator", "note")
"""Columns that stand last: where a record is known from."""

TRUTH = {"true": True, "false": False}


class ValueWidget(widgets.Widget):
    """A cell read as the model's own field reads it: what does not fit is refused, never rounded or guessed."""

    def __init__(self, field: models.Field, **_: Any) -> None:
        super().__init__()
        self.field = field

    def clean(self, value: Any, row: Any = None, **_: Any) -> Any:
        if value is None or value == "":
            return "" if self.field.empty_strings_allowed and not self.field.null else None
        if isinstance(self.field, models.BooleanField):
            value = TRUTH.get(str(value).strip().lower(), value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # a spreadsheet has no whole numbers
        if isinstance(self.field, models.IntegerField) and not isinstance(value, int):
            value = str(value)  # Django would cut a fraction off
        try:
            return self.field.to_python(value)
        except ValidationError as fault:
            raise ValueError(" ".join(fault.messages)) from fault

    def render(self, value: Any, obj: Any = None, **_: Any) -> Any:
        if value is None:
            return ""
        return value if isinstance(value, bool | int) else str(value)


class ReferenceWidget(widgets.Widget):
    """A cell that names another record by its key. One that there is not is refused."""

    def __init__(self, model: type[models.Model], **_: Any) -> None:
        widgets.Widget.__init__(self)  # by name: the library's widget for several wants arguments of no use here
        self.model = model

    @functools.cached_property
    def known(self) -> dict[Any, models.Model]:
        """Every record there is, by its key: reference tables are small."""
        return {str(key): record for key, record in self.model._default_manager.in_bulk().items()}

    def clean(self, value: Any, row: Any = None, **_: Any) -> Any:
        return self.of(str(value).strip()).pk if value not in {None, ""} else None

    def of(self, key: str) -> models.Model:
        """The record of that key. Raises ValueError where there is none."""
        if key not in self.known:
            raise ValueError(f"There is no {self.model._meta.verbose_name} called “{key}”.")
        return self.known[key]

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:
        return "" if value is None else str(value)


class ReferencesWidget(ReferenceWidget, widgets.ManyToManyWidget):
    """A cell that names several records, separated by spaces; in JSON and YAML also a list."""

    def clean(self, value: Any, row: Any = None, **_: Any) -> list[models.Model]:
        keys = value if isinstance(value, list) else str(value or "").split()
        return [self.of(str(key)) for key in dict.fromkeys(keys)]

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:
        return "" if value is None else " ".join(str(record.pk) for record in value.all())


class Compared(resources.Diff):
    """A record's values before and after, as the page shows them."""

    def as_html(self) -> list[SafeString]:
        before = [""] * len(self.right) if self.new else self.left
        return [_compared(was, now) for was, now in zip(before, self.right, strict=True)]


def _compared(was: Any, now: Any) -> SafeString:
    if was == now:
        return format_html("{}", now)
    gone = format_html("<del>{}</del> ", was) if was != "" else ""
    come = format_html("<ins>{}</ins>", now) if now != "" else ""
    return format_html("{}{}", gone, come)


class ReferenceResource(resources.ModelResource):
    """A kind of reference record, in rows. What is written is on the audit trail in the same transaction."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.written: list[trail.TrailEntry] = []

    @classmethod
    def widget_from_django_field(cls, f: Any, default: Any = None) -> Any:
        if isinstance(f, models.ManyToManyField):
            return functools.partial(ReferencesWidget, model=f.related_model)
        if isinstance(f, models.ForeignKey):
            return functools.partial(ReferenceWidget, model=f.related_model)
        return functools.partial(ValueWidget, field=f)

    @classmethod
    def get_diff_class(cls) -> type[Compared]:
        return Compared

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Raises ValueError for columns that are not known, are missing or stand twice, and for rows that do."""
        headers = list(dataset.headers or ())
        columns = [field.column_name for field in self.get_import_fields()]
        keys = [self.fields[name].column_name for name in self.get_import_id_fields()]
        faults = [f"There is no column “{name}” here." for name in headers if name not in columns]
        faults += [f"The column “{name}” is missing." for name in keys if name not in headers]
        faults += [f"The column “{name}” stands twice." for name, times in Counter(headers).items() if times > 1]
        if not faults:
            named = Counter(tuple(str(row[key]).strip() for key in keys) for row in dataset.dict)
            faults = [f"“{' '.join(name)}” is in {times} rows." for name, times in named.items() if times > 1]
        if faults:
            raise ValueError(" ".join([*faults, f"The columns are: {', '.join(columns)}."]))

    def import_instance(self, instance: models.Model, row: dict[str, Any], **kwargs: Any) -> None:
        """Fill the record from the row. Raises ValidationError with what is wrong in any of its cells."""
        faults: dict[str, Any] = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as fault:
            columns = {field.attribute: field.column_name for field in self.get_import_fields()}
            faults = {columns.get(name, name): message for name, message in fault.update_error_dict({}).items()}
        for field in self.get_import_fields():
            if isinstance(field.widget, ReferencesWidget) and field.column_name in row:
                try:
                    field.clean(row)
                except ValueError as fault:
                    faults[field.column_name] = ValidationError(str(fault))
        if faults:
            raise ValidationError(faults)

    def after_init_instance(self, instance: models.Model, new: bool, row: Any, **kwargs: Any) -> None:
        self._before = {} if new else self._values(instance)

    def after_import_row(self, row: Any, row_result: RowResult, **kwargs: Any) -> None:
        if not (row_result.is_new() or row_result.is_update()):
            return
        now = self._values(row_result.instance)
        differences = {
            name: {"before": self._before.get(name), "after": value}
            for name, value in now.items()
            if value != self._before.get(name, "")
        }
        verb = "add" if row_result.is_new() else "change"
        self.written.append(
            trail.TrailEntry(
                f"{verb}-{self._meta.model._meta.model_name}",
                naming(row_result.instance),
                differences,
                of_record(row_result.instance),
            )
        )

    def after_import(self, dataset: tablib.Dataset, result: Result, **kwargs: Any) -> None:
        """Records what was written, one entry a record and one for the file. Nothing where nothing was."""
        super().after_import(dataset, result, **kwargs)
        refused = result.has_errors() or result.has_validation_errors()
        if self._is_dry_run(kwargs) or refused or not self.written:
            return
        whole = trail.TrailEntry(
            f"import-{self._meta.model._meta.model_name}",
            str(kwargs["file_name"])[:SUBJECT],
            {"created": result.totals["new"], "changed": result.totals["update"], "unchanged": result.totals["skip"]},
        )
        trail.record_all(actor=kwargs["user"].get_username(), entries=[*self.written, whole])

    def filter_export(self, queryset: models.QuerySet, **kwargs: Any) -> models.QuerySet:
        """The records in their order, with what is written beside them fetched at once."""
        several = [field.attribute for field in self.fields.values() if isinstance(field.widget, ReferencesWidget)]
        return queryset.select_related(None).prefetch_related(None).prefetch_related(*several)

    def _values(self, record: models.Model) -> dict[str, Any]:
        fields = self.get_import_fields()
        return {field.column_name: field.export(record) for field in fields}


@functools.cache
def resource_of(model: type[models.Model]) -> type[ReferenceResource]:
    """How a model is imported and exported: by its natural key, or by the fields that are unique together."""
    meta = model._meta
    keys: tuple[str, ...] = (meta.pk.name,)
    left_out = ""
    if meta.auto_field is not None:
        unique = next(one for one in meta.constraints if isinstance(one, models.UniqueConstraint))
        keys, left_out = tuple(unique.fields), meta.auto_field.name
    names = [field.name for field in (*meta.concrete_fields, *meta.many_to_many) if field.name != left_out]
    return resources.modelresource_factory(
        model,
        ReferenceResource,
        meta_options={
            "import_id_fields": keys,
            "fields": sorted(names, key=lambda name: (name not in keys, name in CITATION)),
            "use_transactions": True,
            "clean_model_instances": True,
            "skip_unchanged": True,
            "report_skipped": True,
            "store_instance": True,
        },
    )
