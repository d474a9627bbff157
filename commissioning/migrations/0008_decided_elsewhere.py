"""A basis for what another copy of the product carried out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commissioning", "0007_arm_plans_have_owners"),
    ]

    operations = [
        migrations.AlterField(
            model_name="budget",
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
        migrations.AlterField(
            model_name="contract",
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
        migrations.AlterField(
            model_name="milestone",
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
        migrations.AlterField(
            model_name="pmspilot",
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
        migrations.AlterField(
            model_name="pooledbudget",
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
        migrations.AlterField(
            model_name="portfoliogroup",
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
        migrations.AlterField(
            model_name="premises",
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
        migrations.AlterField(
            model_name="providerarm",
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
        migrations.AlterField(
            model_name="provision",
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
        migrations.AlterField(
            model_name="recommendationanswer",
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
        migrations.AlterField(
            model_name="staffing",
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
