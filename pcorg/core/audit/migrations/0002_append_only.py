"""The trail can only grow: triggers refuse to alter or delete an entry. Makes the head of the chain."""

from django.db import migrations

GENESIS = "0" * 64
REFUSED = "audit entries are never altered or deleted"


def protect(apps, schema_editor):
    apps.get_model("audit", "AuditHead").objects.get_or_create(id=1, defaults={"sequence": 0, "digest": GENESIS})
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        )
        schema_editor.execute(
            "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditentry "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
        )
        schema_editor.execute(
            "CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit_auditentry "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        schema_editor.execute(
            f"CREATE TRIGGER audit_append_only_{event.lower()} BEFORE {event} ON audit_auditentry "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )


def unprotect(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER audit_append_only ON audit_auditentry")
        schema_editor.execute("DROP TRIGGER audit_never_emptied ON audit_auditentry")
        schema_editor.execute("DROP FUNCTION audit_refuse()")
        return
    for event in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER audit_append_only_{event}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(protect, unprotect)]
