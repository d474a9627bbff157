"""Whose a change is and who wrote it, by the user's id. Names that users have today become their ids; who put forward
or added to a change is taken from its decisions and from the audit trail."""

import re
from collections import defaultdict

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

ADDED = re.compile(r"change (\d{1,9})")


def know_people(apps, schema_editor):
    change, author = apps.get_model("organisations", "Change"), apps.get_model("organisations", "ChangeAuthor")
    decision = apps.get_model("organisations", "ChangeDecision")
    entry, user = apps.get_model("audit", "AuditEntry"), apps.get_model("auth", "User")
    ids = dict(user.objects.values_list("username", "pk"))
    first = defaultdict(dict)  # by change and name: what was written first, and when
    proposals = set()
    for pk, name in change.objects.filter(recorded=False).exclude(owner_name="").values_list("pk", "owner_name"):
        proposals.add(pk)
        if name in ids:
            change.objects.filter(pk=pk).update(owner_id=ids[name])
    for pk, name, status, at in (
        decision.objects.filter(change__recorded=False, status__in=["draft", "proposed"])
        .order_by("at", "id")
        .values_list("change_id", "by", "status", "at")
    ):
        first[pk].setdefault(name, ("draft" if status == "draft" else "propose", at))
    amended = entry.objects.filter(action="amend-change").order_by("sequence")
    for subject, name, at in amended.values_list("subject", "actor", "at"):
        found = ADDED.fullmatch(subject)
        if found and int(found[1]) in proposals:
            first[int(found[1])].setdefault(name, ("amend", at))
    for pk, name in change.objects.filter(pk__in=proposals).values_list("pk", "owner_name"):
        first[pk].setdefault(name, ("propose", timezone.now()))
    author.objects.bulk_create(
        [
            author(change_id=pk, user_id=ids.get(name), name=name, what=what, at=at)
            for pk, written in first.items()
            for name, (what, at) in written.items()
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0014_changes_state_links"),
        ("audit", "0002_append_only"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RenameField("change", "proposed_by", "owner_name"),
        migrations.AddField("change", "owner_id", models.PositiveBigIntegerField(blank=True, db_index=True, null=True)),
        migrations.CreateModel(
            name="ChangeCollaborator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.PositiveBigIntegerField(blank=True, null=True)),
                ("name", models.CharField(max_length=150)),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collaborators",
                        to="organisations.change",
                    ),
                ),
            ],
            options={"ordering": ["change", "name", "id"]},
        ),
        migrations.AddConstraint(
            "changecollaborator",
            models.UniqueConstraint(fields=("change", "user_id"), name="one_part_in_a_change_per_collaborator"),
        ),
        migrations.CreateModel(
            name="ChangeAuthor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.PositiveBigIntegerField(blank=True, null=True)),
                ("name", models.CharField(max_length=150)),
                ("what", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="authors", to="organisations.change"
                    ),
                ),
            ],
            options={"ordering": ["change", "at", "id"]},
        ),
        migrations.RunPython(know_people, migrations.RunPython.noop),
    ]
