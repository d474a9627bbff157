"""Addresses of the pages of what bodies hold and commission."""

from __future__ import annotations

from django.urls import path

from commissioning.web.views import (
    arm_plans,
    arms,
    benchmark,
    catalogue,
    contracts,
    overview,
    pilots,
    pools,
    portfolio,
)

urlpatterns = [
    path("organisations/<str:code>/portfolio/", portfolio.portfolio, name="portfolio"),
    path("organisations/<str:code>/portfolio/answer/", portfolio.answer, name="portfolio-answer"),
    path("organisations/<str:code>/provider-arm/", arm_plans.planner, name="arm-planner"),
    path("organisations/<str:code>/provider-arm/<int:number>/", arm_plans.plan, name="arm-plan"),
    path("organisations/<str:code>/provider-arm/<int:number>/propose/", arm_plans.propose, name="arm-plan-propose"),
    path("organisations/<str:code>/provider-arm/<int:number>/discard/", arm_plans.discard, name="arm-plan-discard"),
    path(
        "organisations/<str:code>/provider-arm/<int:number>/collaborators/",
        arm_plans.collaborators,
        name="arm-plan-collaborators",
    ),
    path("commissioning/", overview.overview, name="commissioning"),
    path("contracts/", contracts.contracts, name="contracts"),
    path("contracts/<str:code>/", contracts.contract, name="contract"),
    path("pooled-budgets/", pools.pooled_budgets, name="pooled-budgets"),
    path("pilots/", pilots.pilots, name="pilots"),
    path("provider-arms/", arms.arms, name="provider-arms"),
    path("benchmark/", benchmark.benchmark, name="benchmark"),
    path("services/", catalogue.services, name="services"),
]
