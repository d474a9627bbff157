"""Addresses of the pages of organisations, changes and portfolios."""

from __future__ import annotations

from django.urls import path

from organisations.web.views import (
    audit,
    change,
    changes,
    compare,
    forms,
    home,
    inbox,
    listing,
    load,
    organisation,
    propose,
    reference,
    tables,
    waiting_load,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("organisations/", listing.organisations, name="organisations"),
    path("organisations/<str:code>/", organisation.organisation, name="organisation"),
    path("compare/", compare.compare, name="compare"),
    path("changes/", changes.changes, name="changes"),
    path("changes/propose/", propose.kinds, name="propose"),
    path("changes/propose/<slug:kind>/", propose.form, name="propose-kind"),
    path("changes/<int:number>/", change.change, name="change"),
    path("changes/<int:number>/effect/", change.confirm, name="change-effect"),
    path("changes/<int:number>/comment/", change.comment, name="change-comment"),
    path("changes/<int:number>/add/", change.add, name="change-add"),
    path("changes/<int:number>/collaborators/", change.collaborators, name="change-collaborators"),
    path("changes/<int:number>/step/<slug:name>/", change.step, name="change-step"),
    path("decisions/", inbox.inbox, name="decisions"),
    path("audit/", audit.audit, name="audit"),
    path("load/", load.load, name="load"),
    path("load/waiting/<int:number>/", waiting_load.page, name="waiting-load"),
    path("load/waiting/<int:number>/review.csv", waiting_load.review, name="waiting-load-review"),
    path("load/<uuid:key>/", load.file, name="load-file"),
    path("load/<uuid:key>/faults.csv", load.faults, name="load-faults"),
    path("load/<uuid:key>/review.csv", load.review, name="load-review"),
    path("load/<uuid:key>/discard/", load.discard, name="load-discard"),
    path("forms/", forms.forms, name="forms"),
    path("forms/<slug:slug>/", forms.form, name="form"),
    path("glossary/", reference.glossary, name="glossary"),
    path("about-the-data/", reference.about_the_data, name="about-the-data"),
    path("series.csv", tables.series, name="series-csv"),
    path("changes/<int:number>/shares.csv", tables.shares, name="shares-csv"),
]
