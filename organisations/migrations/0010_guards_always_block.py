"""The checks that keep the record whole block every change, whatever a record says."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0009_checks_as_declared")]

    operations = [
        migrations.AddConstraint(
            model_name="policycheck",
            constraint=models.CheckConstraint(
                condition=~models.Q(code__in=["later-history", "nothing-left-behind"])
                | models.Q(severity="block", applies="always"),
                name="check_guards_always_block",
                violation_error_message="This check keeps the record whole: it blocks, and is asked of every change.",
            ),
        ),
    ]
