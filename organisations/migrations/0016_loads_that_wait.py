"""Files that wait to be confirmed, and a basis for what another copy of the product carried out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0015_changes_have_owners_and_authors"),
        ("uploads", "0002_owners_by_number_and_held_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="boardseat",
            name="basis",
            field=models.CharField(
                choices=[
                    ("register", "Recorded in a register"),
                    ("source", "Stated by a source"),
                    ("inferred", "Inferred"),
                    ("estimate", "Estimate"),
                    ("general-knowledge", "General knowledge"),
                    ("illustrative", "Illustrative"),
                    ("decision", "Brought about by a change carried out here"),
                    ("decided-elsewhere", "Brought about by a change carried out in another copy of this product"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="change",
            name="basis",
            field=models.CharField(
                choices=[
                    ("register", "Recorded in a register"),
                    ("source", "Stated by a source"),
                    ("inferred", "Inferred"),
                    ("estimate", "Estimate"),
                    ("general-knowledge", "General knowledge"),
                    ("illustrative", "Illustrative"),
                    ("decision", "Brought about by a change carried out here"),
                    ("decided-elsewhere", "Brought about by a change carried out in another copy of this product"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="formperiod",
            name="basis",
            field=models.CharField(
                choices=[
                    ("register", "Recorded in a register"),
                    ("source", "Stated by a source"),
                    ("inferred", "Inferred"),
                    ("estimate", "Estimate"),
                    ("general-knowledge", "General knowledge"),
                    ("illustrative", "Illustrative"),
                    ("decision", "Brought about by a change carried out here"),
                    ("decided-elsewhere", "Brought about by a change carried out in another copy of this product"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="nameperiod",
            name="basis",
            field=models.CharField(
                choices=[
                    ("register", "Recorded in a register"),
                    ("source", "Stated by a source"),
                    ("inferred", "Inferred"),
                    ("estimate", "Estimate"),
                    ("general-knowledge", "General knowledge"),
                    ("illustrative", "Illustrative"),
                    ("decision", "Brought about by a change carried out here"),
                    ("decided-elsewhere", "Brought about by a change carried out in another copy of this product"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="basis",
            field=models.CharField(
                choices=[
                    ("register", "Recorded in a register"),
                    ("source", "Stated by a source"),
                    ("inferred", "Inferred"),
                    ("estimate", "Estimate"),
                    ("general-knowledge", "General knowledge"),
                    ("illustrative", "Illustrative"),
                    ("decision", "Brought about by a change carried out here"),
                    ("decided-elsewhere", "Brought about by a change carried out in another copy of this product"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="population",
            name="basis",
            field=models.CharField(
                choices=[
                    ("register", "Recorded in a register"),
                    ("source", "Stated by a source"),
                    ("inferred", "Inferred"),
                    ("estimate", "Estimate"),
                    ("general-knowledge", "General knowledge"),
                    ("illustrative", "Illustrative"),
                    ("decision", "Brought about by a change carried out here"),
                    ("decided-elsewhere", "Brought about by a change carried out in another copy of this product"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="relationship",
            name="basis",
            field=models.CharField(
                choices=[
                    ("register", "Recorded in a register"),
                    ("source", "Stated by a source"),
                    ("inferred", "Inferred"),
                    ("estimate", "Estimate"),
                    ("general-knowledge", "General knowledge"),
                    ("illustrative", "Illustrative"),
                    ("decision", "Brought about by a change carried out here"),
                    ("decided-elsewhere", "Brought about by a change carried out in another copy of this product"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="WaitingLoad",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("portfolio", models.SlugField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("file_name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("review", models.JSONField()),
                ("state", models.CharField(max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits to be confirmed"),
                            ("confirmed", "Confirmed and loaded"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "load",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="confirmation",
                        to="organisations.portfolioload",
                    ),
                ),
                (
                    "upload",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="uploads.keptupload",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "waiting")),
                        fields=("asked_by", "sha256"),
                        name="one_waiting_load_per_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("status", "waiting")),
                            models.Q(
                                models.Q(("status", "waiting"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="load_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["confirmed", "refused"]), _negated=True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="load_decided_by_another",
                    ),
                ],
            },
        ),
    ]
