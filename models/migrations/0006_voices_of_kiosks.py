from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.one_step import OneStep


class Migration(migrations.Migration):
    dependencies = [("models", "0005_phones_and_notices")]

    initial = False

    operations = [
        OneStep(
            [
                ops.AddField(
                    model_name="Device",
                    name="voice",
                    field=fields.CharField(default="", max_length=40),
                ),
                ops.AddField(
                    model_name="Device",
                    name="rate_percent",
                    field=fields.IntField(default=100),
                ),
                ops.AddField(
                    model_name="Device",
                    name="volume_percent",
                    field=fields.IntField(default=100),
                ),
            ]
        ),
    ]
