"""A capability that no source states is unknown and not denied; an average that was predicted is no lower bound."""

from django.db import migrations, models

STATED = (
    "free_standing",
    "advises",
    "holds_budget",
    "commissions",
    "provides_community_services",
    "provides_social_care",
)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0010_guards_always_block")]

    operations = [
        *(
            migrations.AlterField(
                model_name="form",
                name=name,
                field=models.BooleanField(blank=True, null=True),
            )
            for name in STATED
        ),
        migrations.AddField(
            model_name="form",
            name="provides_primary_care",
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="form",
            name="commissioning_note",
            field=models.CharField(
                blank=True, help_text="How much it commissions, in words: almost all care", max_length=200
            ),
        ),
        migrations.AddField(
            model_name="form",
            name="population_expected",
            field=models.PositiveIntegerField(
                blank=True, help_text="The average that was predicted for such bodies; no limit", null=True
            ),
        ),
    ]
