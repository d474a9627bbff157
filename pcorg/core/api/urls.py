"""Addresses of the API that belong to no app."""

from django.urls import path

from pcorg.core.api import audit, root

urlpatterns = [
    path("", root.RootViewSet.as_view({"get": "list"}), name="root"),
    path("schema/", root.SchemaViewSet.as_view({"get": "list"}), name="schema"),
    path("docs/", root.documentation, name="docs"),
    path("problems/", root.ProblemsViewSet.as_view({"get": "list"}), name="problem-list"),
    path("problems/<str:code>/", root.ProblemsViewSet.as_view({"get": "retrieve"}), name="problem"),
    path("audit/", audit.AuditViewSet.as_view({"get": "list"}), name="audit-list"),
]
