import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State

from models.category import Category
from models.display_item import DisplayKind
from models.import_batch import ImportState
from models.index_change import Subject
from models.ledger_count import Counted
from models.left_question import QuestionOrigin, QuestionState
from models.one_step import OneStep
from models.publishable import Publication, VersionState
from models.rating import Score
from models.staff import Role
from models.suggestion import SuggestionState
from models.venue import VenueLevel, VenueType


class _AddFilledField(ops.AddField):
    """Adds a column that the rows which are there already must have a value for: its default.

    Tortoise gives the database no default of its own, and no table with rows takes such a column.
    """

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        field = new_state.apps.get_model(f"{app_label}.{self.model_name}")._meta.fields_map[
            self.name
        ]
        none = field.db_default
        field.db_default = field.default
        try:
            await super().database_forward(app_label, old_state, new_state, state_editor)
        finally:
            field.db_default = none


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    initial = False

    operations = [
        OneStep(
            [
                ops.CreateModel(
                    name="Agency",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("name", fields.CharField(unique=True, max_length=200)),
                        (
                            "other_names",
                            fields.JSONField(
                                default=list,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("address", fields.CharField(default="", max_length=300)),
                        ("phone", fields.CharField(default="", max_length=60)),
                        ("is_active", fields.BooleanField(default=True)),
                    ],
                    options={
                        "table": "agency",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "An agency as people and documents name it.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="AuditHead",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("number", fields.BigIntField(default=0)),
                        ("seal", fields.CharField(default="", max_length=64)),
                    ],
                    options={
                        "table": "audit_head",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "The end of the chain, in a single row whose lock puts writers in order.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="AuditRecord",
                    fields=[
                        (
                            "number",
                            fields.BigIntField(primary_key=True, unique=True, db_index=True),
                        ),
                        ("at", fields.CharField(max_length=40)),
                        ("staff_id", fields.IntField(null=True)),
                        ("staff_name", fields.CharField(default="", max_length=60)),
                        ("action", fields.CharField(db_index=True, max_length=60)),
                        ("subject", fields.CharField(default="", max_length=60)),
                        ("venue_id", fields.IntField(null=True, db_index=True)),
                        ("detail", fields.TextField(default="{}", unique=False)),
                        ("seal", fields.CharField(max_length=64)),
                    ],
                    options={
                        "table": "audit_record",
                        "app": "models",
                        "pk_attr": "number",
                        "table_description": "One deed. Holds ids and codes, never what anybody asked, wrote or is called.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="StoredFile",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("sha256", fields.CharField(unique=True, max_length=64)),
                        ("size_bytes", fields.BigIntField()),
                        ("media_type", fields.CharField(max_length=100)),
                        ("stored_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "stored_file",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "A file by its content. The same content is kept once.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="StoredFilePart",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "file",
                            fields.ForeignKeyField(
                                "models.StoredFile",
                                source_field="file_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="parts",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("position", fields.IntField()),
                        ("data", fields.BinaryField()),
                    ],
                    options={
                        "table": "stored_file_part",
                        "app": "models",
                        "unique_together": (("file", "position"),),
                        "pk_attr": "id",
                        "table_description": "A piece of a file, so that none is ever held in memory as a whole.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Synonym",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("everyday", fields.CharField(unique=True, max_length=60)),
                        ("official", fields.CharField(max_length=60)),
                        ("note", fields.CharField(default="", max_length=200)),
                        ("is_active", fields.BooleanField(default=True)),
                    ],
                    options={
                        "table": "synonym",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "What people say, and what documents call it.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Venue",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("code", fields.CharField(unique=True, max_length=40)),
                        ("place", fields.CharField(max_length=200)),
                        (
                            "type",
                            fields.CharEnumField(
                                description="SERVICE_HALL: service_hall\nARCHIVE: archive\nLIBRARY: library\nVILLAGE_STATION: village_station",
                                enum_type=VenueType,
                                max_length=20,
                            ),
                        ),
                        (
                            "level",
                            fields.CharEnumField(
                                description="CITY: city\nDISTRICT: district\nTOWN: town\nVILLAGE: village",
                                enum_type=VenueLevel,
                                max_length=20,
                            ),
                        ),
                        (
                            "parent",
                            fields.ForeignKeyField(
                                "models.Venue",
                                source_field="parent_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name="children",
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "extra_areas",
                            fields.JSONField(
                                default=list,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("address", fields.CharField(default="", max_length=300)),
                        ("phone", fields.CharField(default="", max_length=60)),
                        ("directions", fields.TextField(default="", unique=False)),
                        (
                            "hours",
                            fields.JSONField(
                                default=dict,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("is_open_to_public", fields.BooleanField(default=True)),
                        (
                            "accepts_for",
                            fields.ManyToManyField(
                                "models.Agency",
                                unique=True,
                                db_constraint=True,
                                through="venue_accepts_for",
                                forward_key="agency_id",
                                backward_key="venue_id",
                                related_name="accepted_at",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("edits", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "venue",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One zone. Its name is always ZONE_NAME, its place is what tells it from others.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Closure",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "venue",
                            fields.ForeignKeyField(
                                "models.Venue",
                                source_field="venue_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="closures",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("first_day", fields.DateField()),
                        ("last_day", fields.DateField()),
                        ("reason", fields.CharField(max_length=200)),
                        ("announced_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "closure",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "Days on which a zone is shut outside its usual hours, announced ahead (临时闭馆公告).",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Device",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("name", fields.CharField(max_length=60)),
                        (
                            "venue",
                            fields.ForeignKeyField(
                                "models.Venue",
                                source_field="venue_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="devices",
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("code_hash", fields.CharField(default="", db_index=True, max_length=64)),
                        (
                            "code_ends_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("token_hash", fields.CharField(default="", db_index=True, max_length=64)),
                        (
                            "enrolled_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "revoked_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "last_seen_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("last_fault", fields.CharField(default="", max_length=40)),
                        (
                            "last_fault_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "device",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One kiosk. It is enrolled once with a short code, and known by its token from then on.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="DisplayItem",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "venue",
                            fields.ForeignKeyField(
                                "models.Venue",
                                source_field="venue_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name="display_items",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "kind",
                            fields.CharEnumField(
                                description="DISCLOSURE_GUIDE: disclosure_guide\nSERVICE_GUIDE: service_guide\nGAZETTE: gazette\nOTHER: other",
                                enum_type=DisplayKind,
                                max_length=20,
                            ),
                        ),
                        ("title", fields.CharField(max_length=200)),
                        (
                            "document",
                            fields.ForeignKeyField(
                                "models.Document",
                                source_field="document_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.SET_NULL,
                            ),
                        ),
                        ("last_replaced_on", fields.DateField()),
                        ("replace_every_days", fields.IntField(default=365)),
                        ("position", fields.IntField(default=0)),
                        ("edits", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "display_item",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One thing on display in a zone, and when it was last replaced.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="GazetteIssue",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "venue",
                            fields.ForeignKeyField(
                                "models.Venue",
                                source_field="venue_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("gazette", fields.CharField(max_length=100)),
                        ("year", fields.IntField()),
                        ("number", fields.IntField()),
                        ("issued_on", fields.DateField()),
                        ("is_published", fields.BooleanField(default=False)),
                        (
                            "file",
                            fields.ForeignKeyField(
                                "models.StoredFile",
                                source_field="file_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("edits", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "gazette_issue",
                        "app": "models",
                        "unique_together": (("gazette", "year", "number"),),
                        "pk_attr": "id",
                        "table_description": "One issue, 2026年第3期.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="GazetteEntry",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "issue",
                            fields.ForeignKeyField(
                                "models.GazetteIssue",
                                source_field="issue_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="entries",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("position", fields.IntField()),
                        ("section", fields.CharField(default="", max_length=100)),
                        ("title", fields.CharField(max_length=500)),
                        ("page", fields.IntField(null=True)),
                        ("document_number", fields.CharField(default="", max_length=200)),
                        (
                            "document",
                            fields.ForeignKeyField(
                                "models.Document",
                                source_field="document_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.SET_NULL,
                            ),
                        ),
                    ],
                    options={
                        "table": "gazette_entry",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One line of an issue's contents (目录).",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="LedgerCount",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "venue",
                            fields.ForeignKeyField(
                                "models.Venue",
                                source_field="venue_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("day", fields.DateField(db_index=True)),
                        (
                            "counted",
                            fields.CharEnumField(
                                description="VISIT: visit\nSEARCH: search\nREADING: reading\nPRINT: print\nTAKEN_HOME: taken_home\nQUESTION: question\nANSWERED: answered\nHANDOFF: handoff\nLEFT_QUESTION: left_question\nHELP_CALL: help_call\nSUGGESTION: suggestion\nDEVICE_FAULT: device_fault",
                                enum_type=Counted,
                                max_length=20,
                            ),
                        ),
                        ("times", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "ledger_count",
                        "app": "models",
                        "unique_together": (("venue", "day", "counted"),),
                        "pk_attr": "id",
                        "table_description": "How often something happened in a zone on a day.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Rating",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "venue",
                            fields.ForeignKeyField(
                                "models.Venue",
                                source_field="venue_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("rated_on", fields.DateField(db_index=True)),
                        ("about", fields.CharField(default="", max_length=40)),
                        (
                            "score",
                            fields.IntEnumField(
                                description="UNSATISFIED: 1\nFAIR: 2\nSATISFIED: 3",
                                enum_type=Score,
                                generated=False,
                            ),
                        ),
                    ],
                    options={
                        "table": "rating",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One touch of a face. The day is kept and the time is not.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Staff",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("username", fields.CharField(unique=True, max_length=40)),
                        ("display_name", fields.CharField(max_length=60)),
                        (
                            "role",
                            fields.CharEnumField(
                                description="CLERK: clerk\nAGENCY_OFFICER: agency_officer\nREVIEWER: reviewer\nSUPERVISOR: supervisor\nADMINISTRATOR: administrator",
                                enum_type=Role,
                                max_length=20,
                            ),
                        ),
                        ("password_hash", fields.CharField(max_length=200)),
                        ("must_change_password", fields.BooleanField(default=True)),
                        ("encrypted_totp_secret", fields.BinaryField(null=True)),
                        ("last_totp_step", fields.BigIntField(default=0)),
                        ("failed_sign_ins", fields.IntField(default=0)),
                        (
                            "locked_until",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("is_active", fields.BooleanField(default=True)),
                        (
                            "venues",
                            fields.ManyToManyField(
                                "models.Venue",
                                unique=True,
                                db_constraint=True,
                                through="staff_venue",
                                forward_key="venue_id",
                                backward_key="staff_id",
                                related_name="staff",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "agencies",
                            fields.ManyToManyField(
                                "models.Agency",
                                unique=True,
                                db_constraint=True,
                                through="staff_agency",
                                forward_key="agency_id",
                                backward_key="staff_id",
                                related_name="staff",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "staff",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One member of staff. An administrator is bound to nothing and sees everything.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="ImportBatch",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "staff",
                            fields.ForeignKeyField(
                                "models.Staff",
                                source_field="staff_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "venue",
                            fields.ForeignKeyField(
                                "models.Venue",
                                source_field="venue_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "agency",
                            fields.ForeignKeyField(
                                "models.Agency",
                                source_field="agency_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("began_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "import_batch",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "What was dragged in together.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="ImportFile",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "batch",
                            fields.ForeignKeyField(
                                "models.ImportBatch",
                                source_field="batch_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="files",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("name", fields.CharField(max_length=255)),
                        (
                            "file",
                            fields.ForeignKeyField(
                                "models.StoredFile",
                                source_field="file_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "state",
                            fields.CharEnumField(
                                default=ImportState.WAITING,
                                description="WAITING: waiting\nREADING: reading\nDONE: done\nFAILED: failed",
                                enum_type=ImportState,
                                max_length=20,
                            ),
                        ),
                        (
                            "claimed_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("claimed_by", fields.CharField(default="", max_length=32)),
                        ("new", fields.IntField(default=0)),
                        ("changed", fields.IntField(default=0)),
                        ("unchanged", fields.IntField(default=0)),
                        (
                            "failures",
                            fields.JSONField(
                                default=list,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("document_id", fields.IntField(null=True)),
                        (
                            "finished_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "import_file",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One file of a batch.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="StaffSession",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "staff",
                            fields.ForeignKeyField(
                                "models.Staff",
                                source_field="staff_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="sessions",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("token_hash", fields.CharField(unique=True, max_length=64)),
                        ("form_token", fields.CharField(max_length=64)),
                        ("began_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                        ("last_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                        (
                            "ended_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "staff_session",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One browser in which somebody is signed in.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Suggestion",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("number", fields.CharField(unique=True, max_length=20)),
                        (
                            "venue",
                            fields.ForeignKeyField(
                                "models.Venue",
                                source_field="venue_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("encrypted_text", fields.BinaryField()),
                        ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                        ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=SuggestionState.OPEN,
                                description="OPEN: open\nANSWERED: answered\nCLOSED: closed",
                                enum_type=SuggestionState,
                                max_length=20,
                            ),
                        ),
                        ("encrypted_answer", fields.BinaryField(null=True)),
                        (
                            "answered_by",
                            fields.ForeignKeyField(
                                "models.Staff",
                                source_field="answered_by_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "answered_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("edits", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "suggestion",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "What somebody suggested, encrypted, with no trace of who it was.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Version",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "subject",
                            fields.CharEnumField(
                                description="DOCUMENT: document\nQUESTION: question\nSYNONYM: synonym\nVENUE: venue",
                                enum_type=Subject,
                                max_length=20,
                            ),
                        ),
                        ("subject_id", fields.IntField()),
                        ("number", fields.IntField()),
                        (
                            "state",
                            fields.CharEnumField(
                                db_index=True,
                                description="DRAFT: draft\nIN_REVIEW: in_review\nSCHEDULED: scheduled\nPUBLISHED: published\nREPLACED: replaced\nWITHDRAWN: withdrawn\nABANDONED: abandoned",
                                enum_type=VersionState,
                                max_length=20,
                            ),
                        ),
                        ("title", fields.CharField(max_length=500)),
                        ("content", fields.TextField(unique=False)),
                        ("content_hash", fields.CharField(max_length=64)),
                        ("edits", fields.IntField(default=0)),
                        (
                            "file",
                            fields.ForeignKeyField(
                                "models.StoredFile",
                                source_field="file_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("file_name", fields.CharField(default="", max_length=255)),
                        ("is_searchable", fields.BooleanField(default=True)),
                        (
                            "written_by",
                            fields.ForeignKeyField(
                                "models.Staff",
                                source_field="written_by_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "submitted_by",
                            fields.ForeignKeyField(
                                "models.Staff",
                                source_field="submitted_by_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "submitted_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "reviewed_by",
                            fields.ForeignKeyField(
                                "models.Staff",
                                source_field="reviewed_by_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "reviewed_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("review_note", fields.TextField(default="", unique=False)),
                        (
                            "publish_at",
                            fields.DatetimeField(
                                null=True, db_index=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        (
                            "published_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "retired_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "retired_by",
                            fields.ForeignKeyField(
                                "models.Staff",
                                source_field="retired_by_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("retire_reason", fields.CharField(default="", max_length=500)),
                        ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                        ("changed_at", fields.DatetimeField(auto_now=True, auto_now_add=False)),
                    ],
                    options={
                        "table": "version",
                        "app": "models",
                        "unique_together": (("subject", "subject_id", "number"),),
                        "pk_attr": "id",
                        "table_description": "What something said or is to say. The public never reads this table.",
                    },
                    bases=["Model"],
                ),
                _AddFilledField(
                    model_name="Document",
                    name="category",
                    field=fields.CharEnumField(
                        default=Category.UNSORTED,
                        db_index=True,
                        description="RULES: rules\nORGANISATION: organisation\nPLANS: plans\nSTATISTICS: statistics\nLICENSING: licensing\nPENALTIES: penalties\nBUDGETS: budgets\nFEES: fees\nPROCUREMENT: procurement\nPROJECTS: projects\nWELFARE: welfare\nEMERGENCIES: emergencies\nINSPECTIONS: inspections\nRECRUITMENT: recruitment\nOTHER: other\nLOCAL: local\nUNSORTED: unsorted",
                        enum_type=Category,
                        max_length=20,
                    ),
                ),
                ops.AddField(
                    model_name="Document",
                    name="expires_on",
                    field=fields.DateField(null=True),
                ),
                ops.AddField(
                    model_name="Document",
                    name="file",
                    field=fields.ForeignKeyField(
                        "models.StoredFile",
                        source_field="file_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                _AddFilledField(
                    model_name="Document",
                    name="file_name",
                    field=fields.CharField(default="", max_length=255),
                ),
                _AddFilledField(
                    model_name="Document",
                    name="is_searchable",
                    field=fields.BooleanField(default=True),
                ),
                ops.AddField(
                    model_name="Document",
                    name="open_state",
                    field=fields.CharEnumField(
                        null=True,
                        db_index=True,
                        description="DRAFT: draft\nIN_REVIEW: in_review\nSCHEDULED: scheduled\nPUBLISHED: published\nREPLACED: replaced\nWITHDRAWN: withdrawn\nABANDONED: abandoned",
                        enum_type=VersionState,
                        max_length=20,
                    ),
                ),
                _AddFilledField(
                    model_name="Document",
                    name="publication",
                    field=fields.CharEnumField(
                        default=Publication.PUBLISHED,
                        db_index=True,
                        description="UNPUBLISHED: unpublished\nPUBLISHED: published\nWITHDRAWN: withdrawn",
                        enum_type=Publication,
                        max_length=20,
                    ),
                ),
                ops.AddField(
                    model_name="Document",
                    name="published_version",
                    field=fields.IntField(null=True),
                ),
                ops.AddField(
                    model_name="Document",
                    name="replaced_by",
                    field=fields.ForeignKeyField(
                        "models.Document",
                        source_field="replaced_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ops.AddField(
                    model_name="Document",
                    name="responsible_agency",
                    field=fields.ForeignKeyField(
                        "models.Agency",
                        source_field="responsible_agency_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ops.AddField(
                    model_name="Document",
                    name="venue",
                    field=fields.ForeignKeyField(
                        "models.Venue",
                        source_field="venue_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ]
        ),
        ops.AlterField(
            model_name="HelpCall",
            name="taken_at",
            field=fields.DatetimeField(
                null=True, db_index=True, auto_now=False, auto_now_add=False
            ),
        ),
        OneStep(
            [
                ops.AddField(
                    model_name="HelpCall",
                    name="closed_at",
                    field=fields.DatetimeField(
                        null=True, db_index=True, auto_now=False, auto_now_add=False
                    ),
                ),
                ops.AddField(
                    model_name="HelpCall",
                    name="closed_by",
                    field=fields.ForeignKeyField(
                        "models.Staff",
                        source_field="closed_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ops.AddField(
                    model_name="HelpCall",
                    name="device",
                    field=fields.ForeignKeyField(
                        "models.Device",
                        source_field="device_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ops.AddField(
                    model_name="HelpCall",
                    name="taken_by",
                    field=fields.ForeignKeyField(
                        "models.Staff",
                        source_field="taken_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ops.AddField(
                    model_name="HelpCall",
                    name="venue",
                    field=fields.ForeignKeyField(
                        "models.Venue",
                        source_field="venue_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ]
        ),
        ops.AlterField(
            model_name="IndexChange",
            name="subject",
            field=fields.CharEnumField(
                description="DOCUMENT: document\nQUESTION: question\nSYNONYM: synonym\nVENUE: venue",
                enum_type=Subject,
                max_length=20,
            ),
        ),
        ops.AlterModelOptions(
            name="LeftQuestion",
            options={
                "table": "left_question",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The words are what a visitor asked, encrypted, with no trace of who it was.",
            },
        ),
        OneStep(
            [
                ops.AddField(
                    model_name="LeftQuestion",
                    name="agency",
                    field=fields.ForeignKeyField(
                        "models.Agency",
                        source_field="agency_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ops.AddField(
                    model_name="LeftQuestion",
                    name="answered_at",
                    field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ops.AddField(
                    model_name="LeftQuestion",
                    name="answered_by",
                    field=fields.ForeignKeyField(
                        "models.Staff",
                        source_field="answered_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ops.AddField(
                    model_name="LeftQuestion",
                    name="due_at",
                    field=fields.DatetimeField(
                        null=True, db_index=True, auto_now=False, auto_now_add=False
                    ),
                ),
                _AddFilledField(
                    model_name="LeftQuestion",
                    name="edits",
                    field=fields.IntField(default=0),
                ),
                ops.AddField(
                    model_name="LeftQuestion",
                    name="encrypted_answer",
                    field=fields.BinaryField(null=True),
                ),
                ops.AddField(
                    model_name="LeftQuestion",
                    name="entry_id",
                    field=fields.IntField(null=True),
                ),
                _AddFilledField(
                    model_name="LeftQuestion",
                    name="origin",
                    field=fields.CharEnumField(
                        default=QuestionOrigin.LEFT,
                        description="LEFT: left\nREFUSED: refused",
                        enum_type=QuestionOrigin,
                        max_length=20,
                    ),
                ),
                _AddFilledField(
                    model_name="LeftQuestion",
                    name="state",
                    field=fields.CharEnumField(
                        default=QuestionState.OPEN,
                        db_index=True,
                        description="OPEN: open\nANSWERED: answered\nCLOSED: closed",
                        enum_type=QuestionState,
                        max_length=20,
                    ),
                ),
                _AddFilledField(
                    model_name="LeftQuestion",
                    name="times",
                    field=fields.IntField(default=1),
                ),
                ops.AddField(
                    model_name="LeftQuestion",
                    name="venue",
                    field=fields.ForeignKeyField(
                        "models.Venue",
                        source_field="venue_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                _AddFilledField(
                    model_name="LeftQuestion",
                    name="words_hash",
                    field=fields.CharField(default="", db_index=True, max_length=64),
                ),
                _AddFilledField(
                    model_name="QuestionEntry",
                    name="is_in_time",
                    field=fields.BooleanField(default=True),
                ),
                ops.AddField(
                    model_name="QuestionEntry",
                    name="next_review_on",
                    field=fields.DateField(null=True, db_index=True),
                ),
                ops.AddField(
                    model_name="QuestionEntry",
                    name="open_state",
                    field=fields.CharEnumField(
                        null=True,
                        db_index=True,
                        description="DRAFT: draft\nIN_REVIEW: in_review\nSCHEDULED: scheduled\nPUBLISHED: published\nREPLACED: replaced\nWITHDRAWN: withdrawn\nABANDONED: abandoned",
                        enum_type=VersionState,
                        max_length=20,
                    ),
                ),
                _AddFilledField(
                    model_name="QuestionEntry",
                    name="publication",
                    field=fields.CharEnumField(
                        default=Publication.PUBLISHED,
                        db_index=True,
                        description="UNPUBLISHED: unpublished\nPUBLISHED: published\nWITHDRAWN: withdrawn",
                        enum_type=Publication,
                        max_length=20,
                    ),
                ),
                ops.AddField(
                    model_name="QuestionEntry",
                    name="published_version",
                    field=fields.IntField(null=True),
                ),
                ops.AddField(
                    model_name="QuestionEntry",
                    name="responsible_agency",
                    field=fields.ForeignKeyField(
                        "models.Agency",
                        source_field="responsible_agency_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ops.AddField(
                    model_name="QuestionEntry",
                    name="reviewer",
                    field=fields.ForeignKeyField(
                        "models.Staff",
                        source_field="reviewer_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ops.AddField(
                    model_name="QuestionEntry",
                    name="valid_from",
                    field=fields.DateField(null=True),
                ),
                ops.AddField(
                    model_name="QuestionEntry",
                    name="valid_to",
                    field=fields.DateField(null=True),
                ),
                ops.AddField(
                    model_name="QuestionEntry",
                    name="venue",
                    field=fields.ForeignKeyField(
                        "models.Venue",
                        source_field="venue_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ]
        ),
    ]
