"""Addresses of the API, version 1. Apps register their resources in their own `api.urls`."""

from django.urls import include, path

from pcorg.api import audit, root
from pcorg.jobs import api as jobs

app_name = "api"
urlpatterns = [
    path("", root.Root.as_view({"get": "list"}), name="root"),
    path("schema/", root.Schema.as_view({"get": "list"}), name="schema"),
    path("docs/", root.documentation, name="docs"),
    path("problems/", root.Problems.as_view({"get": "list"}), name="problem-list"),
    path("problems/<str:code>/", root.Problems.as_view({"get": "retrieve"}), name="problem"),
    path("jobs/", jobs.Jobs.as_view({"get": "list"}), name="job-list"),
    path("jobs/<str:id>/", jobs.Jobs.as_view({"get": "retrieve"}), name="job-detail"),
    path("jobs/<str:id>/cancel/", jobs.Jobs.as_view({"post": "cancel"}), name="job-cancel"),
    path("audit/", audit.Audit.as_view({"get": "list"}), name="audit-list"),
    path("", include("organisations.api.urls")),
    path("", include("commissioning.api.urls")),
    path("", include("evaluation.api.urls")),
]
