"""Addresses of the pages of options and assessments."""

from __future__ import annotations

from django.urls import path

from evaluation.web.views import (
    assessment,
    assessment_form,
    comparison,
    dispersals,
    following,
    judging,
    options,
    profile,
    report,
    terms,
)
from evaluation.web.views import listing as assessments

urlpatterns = [
    path("organisations/<str:code>/integration/", profile.profile, name="integration-profile"),
    path("options/", options.options, name="options"),
    path("assessments/", assessments.assessments, name="assessments"),
    path("following/", following.index, name="following"),
    path("dispersals/new/", dispersals.new, name="dispersal-new"),
    path("dispersals/<int:number>/", dispersals.dispersal, name="dispersal"),
    path("dispersals/<int:number>/groups.csv", dispersals.table, name="dispersal-csv"),
    path("dispersals/<int:number>/plan/", dispersals.plan, name="dispersal-plan"),
    path("dispersals/<int:number>/collaborators/", dispersals.collaborators, name="dispersal-collaborators"),
    path("assessments/compare/", comparison.compare, name="assessments-compare"),
    path("assessments/new/", assessment_form.new, name="assessment-new"),
    path("assessments/<int:number>/", assessment.assessment, name="assessment"),
    path("assessments/<int:number>/edit/", assessment_form.alter, name="assessment-edit"),
    path("assessments/<int:number>/terms/", terms.terms, name="assessment-terms"),
    path("assessments/<int:number>/judge/", judging.judging, name="assessment-judge"),
    path("assessments/<int:number>/following/", following.model, name="assessment-following"),
    path("assessments/<int:number>/report/", report.report, name="assessment-report"),
    path("assessments/<int:number>/results.csv", report.table, name="assessment-csv"),
    path("assessments/<int:number>/judgements.csv", report.judgements, name="judgements-csv"),
    path("assessments/<int:number>/readings.csv", report.readings, name="readings-csv"),
    path("assessments/<int:number>/step/<slug:name>/", assessment.step, name="assessment-step"),
    path("assessments/<int:number>/comment/", assessment.comment, name="assessment-comment"),
    path("assessments/<int:number>/collaborators/", assessment.collaborators, name="assessment-collaborators"),
]
