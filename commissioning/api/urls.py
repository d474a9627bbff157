"""Addresses of the commissioning app in the API."""

from rest_framework.routers import SimpleRouter

from commissioning.api import arm_plans, benchmark, reference_views, views

router = SimpleRouter(use_regex_path=False)
router.register("provisions", views.ProvisionsViewSet, basename="provision")
router.register("contracts", views.ContractsViewSet, basename="contract")
router.register("budgets", views.BudgetsViewSet, basename="budget")
router.register("pooled-budgets", views.PoolsViewSet, basename="pooled-budget")
router.register("pms-pilots", views.PilotsViewSet, basename="pms-pilot")
router.register("provider-arms", views.ArmsViewSet, basename="provider-arm")
router.register("portfolio-groups", views.GroupsViewSet, basename="portfolio-group")
router.register("staffing", views.StaffViewSet, basename="staffing")
router.register("premises", views.BuildingsViewSet, basename="premises")
router.register("recommendation-answers", views.AnswersViewSet, basename="recommendation-answer")
router.register("arm-plans", arm_plans.ArmPlansViewSet, basename="arm-plan")
router.register("benchmarks", benchmark.BenchmarksViewSet, basename="benchmark")
router.register("service-groups", reference_views.ServiceGroupsViewSet, basename="service-group")
router.register("services", reference_views.ServicesViewSet, basename="service")
router.register("staff-groups", reference_views.StaffGroupsViewSet, basename="staff-group")
router.register("contract-types", reference_views.ContractTypesViewSet, basename="contract-type")
router.register("approaches", reference_views.ApproachesViewSet, basename="approach")
router.register("recommendations", reference_views.RecommendationsViewSet, basename="recommendation")
router.register("provider-arm-options", reference_views.ArmOptionsViewSet, basename="provider-arm-option")
urlpatterns = router.urls
