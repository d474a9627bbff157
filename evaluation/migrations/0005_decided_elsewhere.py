"""A basis for what another copy of the product carried out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0004_assessments_have_people"),
    ]

    operations = [
        migrations.AlterField(
            model_name="profilepoint",
            name="basis",
            field=models.CharField(
                choices=[
                    ("register", "Recorded in a register"),
                    ("source", "Stated by a source"),
                    ("inferred", "Inferred"),
                    ("estimate", "Estimate"),
                    ("general-knowledge", "General knowledge"),
                    ("illustrative", "Illustrative"),
                    ("decision", "Brought about by a change carried out here"),
                    ("decided-elsewhere", "Brought about by a change carried out in another copy of this product"),
                ],
                max_length=20,
            ),
        ),
    ]
