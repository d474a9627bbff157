"""What the roles may do in the admin. The API's permissions are decided from the roles themselves."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.apps.registry import Apps
from django.apps.registry import apps as registry

from pcorg.core.accounts.roles import Role

REFERENCE_MODELS = {
    "organisations": ("form", "glossaryterm", "policycheck", "source", "transitionrule"),
    "commissioning": (
        "approach",
        "armoption",
        "armoptionpoint",
        "contracttype",
        "recommendation",
        "service",
        "servicegroup",
        "staffgroup",
        "staffrole",
    ),
    "evaluation": ("criterion", "evidence", "framework", "integrationoption", "mitigation"),
}
"""Models of reference records, by app."""


def give_roles_their_permissions(sender: AppConfig, using: str, apps: Apps = registry, **_: Any) -> None:
    """Makes the roles' groups and lets data administrators see, add, change and delete reference records.

    It runs after the migrations of each app that has some, when Django has made that app's permissions: a migration
    would run before them. After a flush it makes everything again. Writes nothing where nothing is missing.
    """
    if sender.label not in REFERENCE_MODELS:
        return
    try:
        group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:  # migrated back to a state without users
        return
    for role in Role:
        group.objects.using(using).get_or_create(name=role.value)
    administrators = group.objects.using(using).get(name=Role.DATA_ADMINISTRATOR.value)
    administrators.permissions.add(
        *permission.objects.using(using).filter(
            content_type__app_label=sender.label, content_type__model__in=REFERENCE_MODELS[sender.label]
        )
    )
