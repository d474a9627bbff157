"""The admin of reference records: audited, with import and export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.results import Result

from organisations.exchange.formats import FORMATS, LARGEST, UnreadableFile
from organisations.exchange.resources import resource_of
from organisations.exchange.waiting import WaitingFile
from pcorg.core.audit.admin import AuditedAdmin


class UploadForm(ImportForm):
    """The file to import, of a size that can be read."""

    def clean_import_file(self) -> UploadedFile:
        """The file. Raises ValidationError where it is too large."""
        file: UploadedFile = self.cleaned_data["import_file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(f"The file has {file.size:,} bytes; at most {LARGEST:,} are read.")
        return file


class ConfirmForm(ConfirmImportForm):
    """Which waiting file is to be imported, and how it is read."""

    format = forms.TypedChoiceField(
        coerce=int, choices=[(str(number), number) for number in range(len(FORMATS))], widget=forms.HiddenInput
    )


class ReferenceAdmin(ImportExportMixin, AuditedAdmin):
    """Reference records, which data administrators see, change, import and export.

    An import is first tried and shown; confirmed, it is tried again and written whole or not at all.
    """

    formats = FORMATS
    import_form_class = UploadForm
    confirm_form_class = ConfirmForm
    export_form_class = ExportForm
    import_template_name = "admin/exchange/import.html"
    tmp_storage_class = WaitingFile

    def get_resource_classes(self, request: HttpRequest) -> list[Any]:
        model: type[models.Model] = self.model
        return [resource_of(model)]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_export_queryset(self, request: HttpRequest) -> models.QuerySet:
        """The records that the list shows. Raises BadRequest where the address asks for something that no list of them
        knows: Django's own list then starts anew, and a file cannot."""
        try:
            return super().get_export_queryset(request)
        except IncorrectLookupParameters:
            raise BadRequest("This list cannot be narrowed in the way that the address asks for.") from None

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def add_data_read_fail_error_to_form(self, form: forms.Form, e: Exception) -> None:
        if isinstance(e, UnreadableFile):
            form.add_error("import_file", str(e))
        else:
            form.add_error("import_file", "This cannot be read. Is it of the format you chose?")

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            messages.error(request, "The uploaded file is not kept any more. Upload it again.")
            return HttpResponseRedirect(reverse("admin:{}_{}_import".format(*self.get_model_info())))

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """To the list where all was written; back to the form, with every fault, where something stood against it."""
        if not (result.has_errors() or result.has_validation_errors()):
            return super().process_result(result, request)
        form = UploadForm(self.get_import_formats(), self.get_import_resource_classes(request))
        context = {**self.admin_site.each_context(request), "title": "Import", "opts": self.opts}
        return TemplateResponse(
            request, self.import_template_name, {**context, "form": form, "result": result, "media": self.media}
        )
