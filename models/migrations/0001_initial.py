import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.document import Validity
from models.index_change import Subject
from models.one_step import OneStep


class Migration(migrations.Migration):
    initial = True

    operations = [
        OneStep(
            [
                ops.CreateModel(
                    name="Document",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("external_id", fields.CharField(unique=True, max_length=200)),
                        ("title", fields.CharField(max_length=500)),
                        ("agency", fields.CharField(default="", max_length=500)),
                        ("document_number", fields.CharField(default="", max_length=200)),
                        ("number_key", fields.CharField(default="", db_index=True, max_length=200)),
                        ("signed_on", fields.DateField(null=True)),
                        ("published_on", fields.DateField(null=True)),
                        ("effective_on", fields.DateField(null=True)),
                        (
                            "validity",
                            fields.CharEnumField(
                                default=Validity.UNKNOWN,
                                description="IN_FORCE: in_force\nAMENDED: amended\nREPEALED: repealed\nEXPIRED: expired\nUNKNOWN: unknown",
                                enum_type=Validity,
                                max_length=20,
                            ),
                        ),
                        ("addressees", fields.CharField(default="", max_length=2000)),
                        (
                            "attachments",
                            fields.JSONField(
                                default=list,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("content_hash", fields.CharField(max_length=64)),
                        ("imported_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                        ("changed_at", fields.DatetimeField(auto_now=True, auto_now_add=False)),
                    ],
                    options={
                        "table": "document",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One document as published: a law, a notice, a guide.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="HelpCall",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("kiosk_name", fields.CharField(max_length=100)),
                        ("called_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                        (
                            "taken_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "help_call",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "Somebody at a kiosk wants a person to come. Holds no word of who or why.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="IndexChange",
                    fields=[
                        (
                            "revision",
                            fields.BigIntField(primary_key=True, unique=True, db_index=True),
                        ),
                        (
                            "subject",
                            fields.CharEnumField(
                                description="DOCUMENT: document\nQUESTION: question",
                                enum_type=Subject,
                                max_length=20,
                            ),
                        ),
                        ("subject_id", fields.IntField()),
                    ],
                    options={
                        "table": "index_change",
                        "app": "models",
                        "pk_attr": "revision",
                        "table_description": "One document or entry that was added, changed or removed.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="IndexHead",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("revision", fields.BigIntField(default=0)),
                        ("lineage", fields.CharField(max_length=36)),
                    ],
                    options={
                        "table": "index_head",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "The number of the last change, in a single row whose lock puts writers in order.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="LeftQuestion",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("number", fields.CharField(unique=True, max_length=20)),
                        ("encrypted_text", fields.BinaryField()),
                        ("left_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "left_question",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "The words are what a visitor chose to leave, encrypted, with no trace of who it was.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Paragraph",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "document",
                            fields.ForeignKeyField(
                                "models.Document",
                                source_field="document_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="paragraphs",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("position", fields.IntField()),
                        ("level", fields.IntField(default=0)),
                        ("article", fields.CharField(default="", max_length=40)),
                        ("heading_path", fields.CharField(default="", max_length=1000)),
                        ("text", fields.TextField(unique=False)),
                    ],
                    options={
                        "table": "paragraph",
                        "app": "models",
                        "unique_together": (("document", "position"),),
                        "pk_attr": "id",
                        "table_description": "One paragraph or heading of a document, in its order.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="QuestionEntry",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("external_id", fields.CharField(unique=True, max_length=200)),
                        ("library", fields.CharField(max_length=200)),
                        ("question", fields.TextField(unique=False)),
                        (
                            "variants",
                            fields.JSONField(
                                default=list,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("short_answer", fields.TextField(default="", unique=False)),
                        ("answer", fields.TextField(unique=False)),
                        ("source_title", fields.CharField(default="", max_length=500)),
                        ("document_number", fields.CharField(default="", max_length=200)),
                        ("article", fields.CharField(default="", max_length=200)),
                        ("agency", fields.CharField(default="", max_length=500)),
                        ("dated_on", fields.DateField(null=True)),
                        (
                            "validity",
                            fields.CharEnumField(
                                default=Validity.UNKNOWN,
                                description="IN_FORCE: in_force\nAMENDED: amended\nREPEALED: repealed\nEXPIRED: expired\nUNKNOWN: unknown",
                                enum_type=Validity,
                                max_length=20,
                            ),
                        ),
                        ("content_hash", fields.CharField(max_length=64)),
                        ("imported_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                        ("changed_at", fields.DatetimeField(auto_now=True, auto_now_add=False)),
                    ],
                    options={
                        "table": "question_entry",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "A question people ask, with its reviewed answer and where that comes from.",
                    },
                    bases=["Model"],
                ),
            ]
        ),
    ]
