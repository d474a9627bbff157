"""Bodies closed before the change was kept: it is the one that ended the form they had to the last."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def tell_which_change(apps, schema_editor):
    bodies = apps.get_model("organisations", "Organisation").objects.filter(closed__isnull=False)
    forms = apps.get_model("organisations", "FormPeriod").objects
    last = forms.filter(organisation=OuterRef("pk"), end=OuterRef("closed"), ended_by__isnull=False).order_by("-start")
    bodies.update(closed_by=Subquery(last.values("ended_by")[:1]))


class Migration(migrations.Migration):
    dependencies = [("organisations", "0007_ends_say_which_change")]
    operations = [migrations.RunPython(tell_which_change, migrations.RunPython.noop)]
