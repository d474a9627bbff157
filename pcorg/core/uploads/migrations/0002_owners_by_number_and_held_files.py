"""Files belong to the number of an account, not to its name, and may be held until somebody decides."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def by_number(apps: Any, schema_editor: Any) -> None:
    """Give each file to the account that has its owner's name; without one nobody reaches it, and it goes."""
    uploads = apps.get_model("uploads", "KeptUpload")
    numbers = dict(apps.get_model(settings.AUTH_USER_MODEL).objects.values_list("username", "pk"))
    for name in set(uploads.objects.values_list("name_of_owner", flat=True)):
        uploads.objects.filter(name_of_owner=name).update(owner=numbers.get(name))
    uploads.objects.filter(owner=None).delete()


def by_name(apps: Any, schema_editor: Any) -> None:
    """Give each file to the name of its account."""
    uploads = apps.get_model("uploads", "KeptUpload")
    names = dict(apps.get_model(settings.AUTH_USER_MODEL).objects.values_list("pk", "username"))
    for number in set(uploads.objects.values_list("owner", flat=True)):
        uploads.objects.filter(owner=number).update(name_of_owner=names[number])


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("uploads", "0001_initial"),
    ]

    operations = [
        migrations.AddField("keptupload", "held", models.BooleanField(default=False)),
        migrations.RenameField("keptupload", "owner", "name_of_owner"),
        migrations.AlterField("keptupload", "name_of_owner", models.CharField(default="", max_length=150)),
        migrations.AddField(
            "keptupload",
            "owner",
            models.ForeignKey(
                db_constraint=False,  # PostgreSQL alters no table whose new rows it has still to check
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(by_number, by_name),
        migrations.AlterField(
            "keptupload",
            "owner",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.RemoveField("keptupload", "name_of_owner"),
    ]
