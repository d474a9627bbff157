"""What is kept of accounts beside Django's users. Tokens made before go on as they were: all of their owner's roles, with
an end, now a year away at most."""

from datetime import timedelta

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

LONGEST = timedelta(days=365)


def keep_tokens(apps, schema_editor):
    tokens = apps.get_model("knox", "AuthToken").objects.using(schema_editor.connection.alias)
    details = apps.get_model("accounts", "TokenDetails").objects.using(schema_editor.connection.alias)
    details.bulk_create(
        [
            details.model(token_id=key, name="Made before tokens had names", scope="all")
            for key in tokens.values_list("pk", flat=True)
        ],
        batch_size=500,
    )
    ends = timezone.now() + LONGEST
    tokens.filter(models.Q(expiry__isnull=True) | models.Q(expiry__gt=ends)).update(expiry=ends)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("knox", "0009_extend_authtoken_field"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recovery",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="recovery",
                        serialize=False,
                        to="auth.user",
                    ),
                ),
                ("asked", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "recoveries",
                "ordering": ["-asked"],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[],
            options={
                "proxy": True,
                "ordering": ["username"],
                "indexes": [],
                "constraints": [],
            },
            bases=("auth.user",),
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sign_in",
                        serialize=False,
                        to="sessions.session",
                    ),
                ),
                ("began", models.DateTimeField()),
                ("seen", models.DateTimeField()),
                ("address", models.CharField(blank=True, max_length=45)),
                ("browser", models.CharField(max_length=60)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to="auth.user",
                    ),
                ),
            ],
            options={
                "ordering": ["-seen"],
            },
        ),
        migrations.CreateModel(
            name="TokenDetails",
            fields=[
                (
                    "token",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="details",
                        serialize=False,
                        to="knox.authtoken",
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("read", "Read only"),
                            ("propose", "Propose: read, and propose, amend, comment, consult, withdraw and assess"),
                            ("all", "All that my roles may"),
                        ],
                        max_length=10,
                    ),
                ),
                ("used_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "token details",
                "ordering": ["token"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["read", "propose", "all"])), name="token_has_a_known_scope"
                    )
                ],
            },
        ),
        migrations.RunPython(keep_tokens, migrations.RunPython.noop),
    ]
