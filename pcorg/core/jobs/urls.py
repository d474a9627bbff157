"""Addresses of the pages of jobs."""

from __future__ import annotations

from django.urls import path

from pcorg.core.jobs import views as jobs

urlpatterns = [
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:number>/", jobs.job, name="job"),
    path("jobs/<int:number>/cancel/", jobs.cancel, name="job-cancel"),
]
