"""Addresses of the commissioning app in the API."""

from rest_framework.routers import SimpleRouter

from commissioning.api import arm_plans, benchmark, reference_views, views

router = SimpleRouter(use_regex_path=False)
router.register("provisions", views.Provisions, basename="provision")
router.register("contracts", views.Contracts, basename="contract")
router.register("budgets", views.Budgets, basename="budget")
router.register("pooled-budgets", views.Pools, basename="pooled-budget")
router.register("pms-pilots", views.Pilots, basename="pms-pilot")
router.register("provider-arms", views.Arms, basename="provider-arm")
router.register("portfolio-groups", views.Groups, basename="portfolio-group")
router.register("staffing", views.Staff, basename="staffing")
router.register("premises", views.Buildings, basename="premises")
router.register("recommendation-answers", views.Answers, basename="recommendation-answer")
router.register("arm-plans", arm_plans.ArmPlans, basename="arm-plan")
router.register("benchmarks", benchmark.Benchmarks, basename="benchmark")
router.register("service-groups", reference_views.ServiceGroups, basename="service-group")
router.register("services", reference_views.Services, basename="service")
router.register("staff-groups", reference_views.StaffGroups, basename="staff-group")
router.register("contract-types", reference_views.ContractTypes, basename="contract-type")
router.register("approaches", reference_views.Approaches, basename="approach")
router.register("recommendations", reference_views.Recommendations, basename="recommendation")
router.register("provider-arm-options", reference_views.ArmOptions, basename="provider-arm-option")
urlpatterns = router.urls
