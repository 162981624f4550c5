"""A claim that was sent can be withdrawn."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """When a claim was withdrawn."""

    dependencies = (("web", "0004_review"),)

    operations = (
        migrations.AddField(model_name="preparation", name="withdrawn_at", field=models.DateTimeField(null=True)),
    )
