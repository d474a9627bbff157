"""Addresses of the web pages."""

from __future__ import annotations

from django.urls import path

from organisations.views import (
    audit,
    change,
    changes,
    compare,
    forms,
    home,
    inbox,
    listing,
    organisation,
    pilots,
    propose,
    reference,
    tables,
)
from pcorg.pages import views

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
    path("changes/<int:number>/step/<slug:name>/", change.step, name="change-step"),
    path("decisions/", inbox.inbox, name="decisions"),
    path("pilots/", pilots.pilots, name="pilots"),
    path("audit/", audit.audit, name="audit"),
    path("forms/", forms.forms, name="forms"),
    path("forms/<slug:slug>/", forms.form, name="form"),
    path("glossary/", reference.glossary, name="glossary"),
    path("about-the-data/", reference.about_the_data, name="about-the-data"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("api-guide/", views.api_guide, name="api-guide"),
    path("series.csv", tables.series, name="series-csv"),
    path("changes/<int:number>/shares.csv", tables.shares, name="shares-csv"),
]
