"""Entries say what they left of each subject they wrote, and which user wrote it. The trail can only grow, seals too."""

from django.db import migrations, models


def protect(apps, schema_editor):
    """On SQLite the triggers are put back after every migration."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditseal "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    )
    schema_editor.execute(
        "CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit_auditseal "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    )


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.AddField("auditentry", "actor_id", models.BigIntegerField(null=True, db_index=True)),
        migrations.AddField(
            "auditentry", "content", models.CharField(max_length=64, blank=True, default=""), preserve_default=False
        ),
        migrations.AddField("auditentry", "form", models.PositiveSmallIntegerField(default=1)),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveBigIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=200)),
                ("digest", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "ordering": ["sequence", "kind", "key"],
                "constraints": [
                    models.UniqueConstraint(fields=["sequence", "kind", "key"], name="one_seal_per_entry_and_subject")
                ],
            },
        ),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
