"""The version of each kind of data beside that of the whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_entries_seal_what_they_wrote")]

    operations = [
        migrations.AddField("audithead", "marks", models.JSONField(default=dict)),
    ]
