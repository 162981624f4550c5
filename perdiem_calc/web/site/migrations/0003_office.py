from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("web", "0002_members")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="generation",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
