"""Which changes a check is asked of becomes a record; what a step needs first is among its checks."""

from django.db import migrations, models

ALWAYS = [
    "later-history",
    "form-path",
    "form-dates",
    "community-provider",
    "contract-conflict",
    "nothing-left-behind",
]


def ask_always(apps, schema_editor):
    apps.get_model("organisations", "PolicyCheck").objects.filter(code__in=ALWAYS).update(applies="always")


class Migration(migrations.Migration):
    dependencies = [("organisations", "0008_closings_that_changes_brought_about")]

    operations = [
        migrations.RemoveField(model_name="transitionrule", name="consultation"),
        migrations.RemoveField(model_name="transitionrule", name="joint_agreement"),
        migrations.AddField(
            model_name="form",
            name="checks",
            field=models.ManyToManyField(
                blank=True,
                help_text="Asked of such a body where no declared step leads to it, as when it is set up out of nothing",
                related_name="forms",
                to="organisations.policycheck",
            ),
        ),
        migrations.AddField(
            model_name="policycheck",
            name="applies",
            field=models.CharField(
                choices=[
                    ("always", "Every change that it concerns"),
                    ("declared", "Changes whose step or form declares it"),
                ],
                default="declared",
                help_text="Of which changes it is asked",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="policycheck",
            name="severity",
            field=models.CharField(
                choices=[("advise", "Advises"), ("block", "Blocks")],
                help_text="What an unmet check does to a proposal. Where the facts are not known it only advises.",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="transitionrule",
            name="checks",
            field=models.ManyToManyField(
                blank=True,
                help_text="Asked of a change that takes this step",
                related_name="rules",
                to="organisations.policycheck",
            ),
        ),
        migrations.RunPython(ask_always, migrations.RunPython.noop),
    ]
