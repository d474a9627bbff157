"""Addresses of jobs, in the API and as pages."""

from __future__ import annotations

from django.urls import path
from rest_framework.routers import SimpleRouter

from pcorg.core.jobs import views
from pcorg.core.jobs.api import JobsViewSet

router = SimpleRouter(use_regex_path=False)
router.register("jobs", JobsViewSet, basename="job")
api = router.urls

pages = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<int:number>/", views.job, name="job"),
    path("jobs/<int:number>/cancel/", views.cancel, name="job-cancel"),
]
