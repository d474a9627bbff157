"""The files of jobs have an order; nothing in the database changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [migrations.AlterModelOptions(name="jobfile", options={"ordering": ["pk"]})]
