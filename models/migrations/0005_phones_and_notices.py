import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.application_message import MessageKind, MessageState
from models.card_template import CardPurpose
from models.category import Category
from models.citizen_tie import TieReason
from models.content_safety import ContentSafety
from models.delivery import DeliveryState, DeliveryWay
from models.notice import Audience, NoticeState
from models.one_step import OneStep
from models.scan_code import HandOverPlace, ScanKind


class Migration(migrations.Migration):
    dependencies = [("models", "0004_applications")]

    initial = False

    operations = [
        OneStep(
            [
                ops.CreateModel(
                    name="CardTemplate",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("app_id", fields.CharField(max_length=32)),
                        ("template_id", fields.CharField(max_length=80)),
                        ("title", fields.CharField(max_length=100)),
                        ("content", fields.TextField(unique=False)),
                        ("example", fields.TextField(default="", unique=False)),
                        ("is_long_term", fields.BooleanField(default=False)),
                        (
                            "choices",
                            fields.JSONField(
                                default=dict,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("is_listed", fields.BooleanField(default=True)),
                        (
                            "halted_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("halted_errcode", fields.IntField(null=True)),
                        ("listed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ],
                    options={
                        "table": "card_template",
                        "app": "models",
                        "unique_together": (("app_id", "template_id"),),
                        "pk_attr": "id",
                        "table_description": "A template of the account, as WeChat listed it last.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="CardUse",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("app_id", fields.CharField(max_length=32)),
                        (
                            "purpose",
                            fields.CharEnumField(
                                description="NOTICE: notice\nAPPLICATION_ACCEPTED: application_accepted\nCORRECTION_WANTED: correction_wanted\nAPPLICATION_EXTENDED: application_extended\nAPPLICATION_ANSWERED: application_answered\nQUESTION_ANSWERED: question_answered",
                                enum_type=CardPurpose,
                                max_length=30,
                            ),
                        ),
                        (
                            "template",
                            fields.ForeignKeyField(
                                "models.CardTemplate",
                                source_field="template_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="uses",
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "filling",
                            fields.JSONField(
                                default=dict,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("edits", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "card_use",
                        "app": "models",
                        "unique_together": (("app_id", "purpose"),),
                        "pk_attr": "id",
                        "table_description": "By which template a purpose is told, and what stands in its fields.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Citizen",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("app_id", fields.CharField(max_length=32)),
                        ("openid_hash", fields.CharField(db_index=True, max_length=64)),
                        ("encrypted_openid", fields.BinaryField()),
                        ("encrypted_unionid", fields.BinaryField(null=True)),
                        ("encrypted_session_key", fields.BinaryField(null=True)),
                        ("encrypted_phone", fields.BinaryField(null=True)),
                        ("phone_hash", fields.CharField(default="", db_index=True, max_length=64)),
                        (
                            "settings",
                            fields.JSONField(
                                default=dict,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("notice_version", fields.CharField(default="", max_length=40)),
                        (
                            "agreed_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("is_unreachable", fields.BooleanField(default=False)),
                        (
                            "last_active_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "citizen",
                        "app": "models",
                        "unique_together": (("app_id", "openid_hash"),),
                        "pk_attr": "id",
                        "table_description": "A WeChat user of one mini-program. Forgetting them removes the row and all that hangs on it.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="ApplicationMessage",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "application",
                            fields.ForeignKeyField(
                                "models.Application",
                                source_field="application_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="messages",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "citizen",
                            fields.ForeignKeyField(
                                "models.Citizen",
                                source_field="citizen_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.SET_NULL,
                            ),
                        ),
                        (
                            "kind",
                            fields.CharEnumField(
                                description="CORRECTION: correction\nWITHDRAWAL: withdrawal",
                                enum_type=MessageKind,
                                max_length=20,
                            ),
                        ),
                        (
                            "state",
                            fields.CharEnumField(
                                description="WAITING: waiting\nDONE: done\nSET_ASIDE: set_aside",
                                enum_type=MessageState,
                                max_length=20,
                            ),
                        ),
                        ("encrypted_text", fields.BinaryField()),
                        ("idempotency_hash", fields.CharField(unique=True, max_length=64)),
                        ("came_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                        ("draft_id", fields.IntField(null=True)),
                        ("edits", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "application_message",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "The words are encrypted, when they came is evidence, and stays.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="CardGrant",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "citizen",
                            fields.ForeignKeyField(
                                "models.Citizen",
                                source_field="citizen_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="grants",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "template",
                            fields.ForeignKeyField(
                                "models.CardTemplate",
                                source_field="template_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="grants",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("remaining", fields.IntField(default=0)),
                        ("is_open", fields.BooleanField(default=False)),
                        (
                            "refused_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ],
                    options={
                        "table": "card_grant",
                        "app": "models",
                        "unique_together": (("citizen", "template"),),
                        "pk_attr": "id",
                        "table_description": "How many cards of a template somebody still lets be sent. WeChat tells nobody: we count.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="CitizenApplication",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "citizen",
                            fields.ForeignKeyField(
                                "models.Citizen",
                                source_field="citizen_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="applications",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "application",
                            fields.ForeignKeyField(
                                "models.Application",
                                source_field="application_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="followed_by",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "reason",
                            fields.CharEnumField(
                                description="FILED: filed\nHANDED_OVER: handed_over\nQUERY_CODE: query_code",
                                enum_type=TieReason,
                                max_length=20,
                            ),
                        ),
                        ("may_act", fields.BooleanField(default=False)),
                        ("tied_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "citizen_application",
                        "app": "models",
                        "unique_together": (("citizen", "application"),),
                        "pk_attr": "id",
                        "table_description": "Somebody follows an application on their phone.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="CitizenInquiry",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "citizen",
                            fields.ForeignKeyField(
                                "models.Citizen",
                                source_field="citizen_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="inquiries",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "question",
                            fields.OneToOneField(
                                "models.LeftQuestion",
                                source_field="question_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name="tie",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "suggestion",
                            fields.OneToOneField(
                                "models.Suggestion",
                                source_field="suggestion_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name="tie",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "idempotency_hash",
                            fields.CharField(default="", db_index=True, max_length=64),
                        ),
                        ("tied_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "citizen_inquiry",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "A question or suggestion that somebody left from their phone. Staff never see this tie.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="CitizenSession",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "citizen",
                            fields.ForeignKeyField(
                                "models.Citizen",
                                source_field="citizen_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="sessions",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("token_hash", fields.CharField(unique=True, max_length=64)),
                        ("token_ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                        ("refresh_hash", fields.CharField(unique=True, max_length=64)),
                        (
                            "used_refresh_hash",
                            fields.CharField(default="", db_index=True, max_length=64),
                        ),
                        (
                            "refresh_ends_at",
                            fields.DatetimeField(auto_now=False, auto_now_add=False),
                        ),
                        (
                            "renewed_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("began_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                        ("last_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ],
                    options={
                        "table": "citizen_session",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One phone on which somebody is signed in: a short-lived token, and one that renews it.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Follow",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "citizen",
                            fields.ForeignKeyField(
                                "models.Citizen",
                                source_field="citizen_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="follows",
                                on_delete=OnDelete.CASCADE,
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
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "category",
                            fields.CharEnumField(
                                null=True,
                                description="RULES: rules\nORGANISATION: organisation\nPLANS: plans\nSTATISTICS: statistics\nLICENSING: licensing\nPENALTIES: penalties\nBUDGETS: budgets\nFEES: fees\nPROCUREMENT: procurement\nPROJECTS: projects\nWELFARE: welfare\nEMERGENCIES: emergencies\nINSPECTIONS: inspections\nRECRUITMENT: recruitment\nOTHER: other\nLOCAL: local\nUNSORTED: unsorted",
                                enum_type=Category,
                                max_length=20,
                            ),
                        ),
                        ("followed_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "follow",
                        "app": "models",
                        "unique_together": (("citizen", "venue"), ("citizen", "category")),
                        "pk_attr": "id",
                        "table_description": "Somebody wants the notices of a zone, or on a subject (one of the two is set).",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="GrantReport",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "citizen",
                            fields.ForeignKeyField(
                                "models.Citizen",
                                source_field="citizen_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "template",
                            fields.ForeignKeyField(
                                "models.CardTemplate",
                                source_field="template_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("is_accept", fields.BooleanField()),
                        (
                            "told_by_phone_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "told_by_wechat_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("phone_key", fields.CharField(default="", db_index=True, max_length=64)),
                    ],
                    options={
                        "table": "grant_report",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One answer to the question for permission, told by the phone, by WeChat, or by both.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="HandOver",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("token_hash", fields.CharField(unique=True, max_length=64)),
                        ("spoken_hash", fields.CharField(null=True, unique=True, max_length=64)),
                        (
                            "draft",
                            fields.ForeignKeyField(
                                "models.ApplicationDraft",
                                source_field="draft_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="hand_overs",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("encrypted_code", fields.BinaryField()),
                        (
                            "begun_at_place",
                            fields.CharEnumField(
                                description="KIOSK: kiosk\nPHONE: phone\nCOUNTER: counter",
                                enum_type=HandOverPlace,
                                max_length=20,
                            ),
                        ),
                        ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                        (
                            "ends_at",
                            fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "used_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "used_at_place",
                            fields.CharEnumField(
                                null=True,
                                description="KIOSK: kiosk\nPHONE: phone\nCOUNTER: counter",
                                enum_type=HandOverPlace,
                                max_length=20,
                            ),
                        ),
                        (
                            "citizen",
                            fields.ForeignKeyField(
                                "models.Citizen",
                                source_field="citizen_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.SET_NULL,
                            ),
                        ),
                    ],
                    options={
                        "table": "hand_over",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "A single-use code that hands a draft over. It dies in ten minutes and names nobody.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Notice",
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
                                related_name="notices",
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
                        (
                            "audience",
                            fields.CharEnumField(
                                default=Audience.VENUE,
                                description="VENUE: venue\nAREA: area\nSUBJECT: subject",
                                enum_type=Audience,
                                max_length=20,
                            ),
                        ),
                        (
                            "category",
                            fields.CharEnumField(
                                null=True,
                                description="RULES: rules\nORGANISATION: organisation\nPLANS: plans\nSTATISTICS: statistics\nLICENSING: licensing\nPENALTIES: penalties\nBUDGETS: budgets\nFEES: fees\nPROCUREMENT: procurement\nPROJECTS: projects\nWELFARE: welfare\nEMERGENCIES: emergencies\nINSPECTIONS: inspections\nRECRUITMENT: recruitment\nOTHER: other\nLOCAL: local\nUNSORTED: unsorted",
                                enum_type=Category,
                                max_length=20,
                            ),
                        ),
                        ("title", fields.CharField(max_length=60)),
                        ("text", fields.TextField(unique=False)),
                        ("is_emergency", fields.BooleanField(default=False)),
                        ("on_kiosks", fields.BooleanField(default=True)),
                        ("on_phones", fields.BooleanField(default=True)),
                        ("by_card", fields.BooleanField(default=False)),
                        (
                            "card_values",
                            fields.JSONField(
                                default=dict,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        (
                            "publish_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "shown_until",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "state",
                            fields.CharEnumField(
                                default=NoticeState.DRAFT,
                                db_index=True,
                                description="DRAFT: draft\nIN_REVIEW: in_review\nSCHEDULED: scheduled\nPUBLISHED: published\nWITHDRAWN: withdrawn",
                                enum_type=NoticeState,
                                max_length=20,
                            ),
                        ),
                        (
                            "author",
                            fields.ForeignKeyField(
                                "models.Staff",
                                source_field="author_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "writer_ids",
                            fields.JSONField(
                                default=list,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        (
                            "reviewer",
                            fields.ForeignKeyField(
                                "models.Staff",
                                source_field="reviewer_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("review_note", fields.TextField(default="", unique=False)),
                        ("withdrawal_reason", fields.CharField(default="", max_length=200)),
                        (
                            "published_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "withdrawn_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("fan_out_after", fields.IntField(default=0)),
                        (
                            "fan_out_done_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("recipients", fields.IntField(default=0)),
                        ("forgotten", fields.IntField(default=0)),
                        ("edits", fields.IntField(default=0)),
                        ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "notice",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One notice.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("key", fields.CharField(unique=True, max_length=100)),
                        (
                            "citizen",
                            fields.ForeignKeyField(
                                "models.Citizen",
                                source_field="citizen_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="deliveries",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "way",
                            fields.CharEnumField(
                                description="APP: app\nCARD: card",
                                enum_type=DeliveryWay,
                                max_length=10,
                            ),
                        ),
                        (
                            "purpose",
                            fields.CharEnumField(
                                description="NOTICE: notice\nAPPLICATION_ACCEPTED: application_accepted\nCORRECTION_WANTED: correction_wanted\nAPPLICATION_EXTENDED: application_extended\nAPPLICATION_ANSWERED: application_answered\nQUESTION_ANSWERED: question_answered",
                                enum_type=CardPurpose,
                                max_length=30,
                            ),
                        ),
                        (
                            "notice",
                            fields.ForeignKeyField(
                                "models.Notice",
                                source_field="notice_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name="deliveries",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "application",
                            fields.ForeignKeyField(
                                "models.Application",
                                source_field="application_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("inquiry_id", fields.IntField(null=True)),
                        ("title", fields.CharField(default="", max_length=60)),
                        ("text", fields.CharField(default="", max_length=300)),
                        (
                            "template",
                            fields.ForeignKeyField(
                                "models.CardTemplate",
                                source_field="template_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "values",
                            fields.JSONField(
                                default=dict,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("page", fields.CharField(default="", max_length=200)),
                        (
                            "state",
                            fields.CharEnumField(
                                default=DeliveryState.QUEUED,
                                description="QUEUED: queued\nSENDING: sending\nSENT: sent\nREFUSED: refused\nFAILED: failed\nUNKNOWN: unknown\nCANCELLED: cancelled",
                                enum_type=DeliveryState,
                                max_length=20,
                            ),
                        ),
                        ("attempts", fields.IntField(default=0)),
                        ("not_before", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                        ("claimed_by", fields.CharField(default="", max_length=60)),
                        (
                            "claimed_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "settled_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("errcode", fields.IntField(null=True)),
                        ("reason", fields.CharField(default="", max_length=40)),
                        ("field_name", fields.CharField(default="", max_length=40)),
                        ("msgid", fields.CharField(default="", db_index=True, max_length=30)),
                        (
                            "read_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "delivery",
                        "app": "models",
                        "indexes": [
                            Index(fields=["state", "not_before"]),
                            Index(fields=["notice_id", "state"]),
                            Index(fields=["citizen_id", "way"]),
                        ],
                        "pk_attr": "id",
                        "table_description": "One message to one person by one way. Holds nothing of what an application is about.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="NoticeShowing",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "notice",
                            fields.ForeignKeyField(
                                "models.Notice",
                                source_field="notice_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="showings",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "device",
                            fields.ForeignKeyField(
                                "models.Device",
                                source_field="device_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("kiosk", fields.CharField(max_length=70)),
                        ("shown_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                        (
                            "spoken_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "notice_showing",
                        "app": "models",
                        "unique_together": (("notice", "kiosk"),),
                        "pk_attr": "id",
                        "table_description": "A kiosk has shown a notice.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="PushedMessage",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("key", fields.CharField(unique=True, max_length=64)),
                        ("app_id", fields.CharField(max_length=32)),
                        ("event", fields.CharField(default="", max_length=60)),
                        ("encrypted_body", fields.BinaryField()),
                        ("came_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                        (
                            "worked_at",
                            fields.DatetimeField(
                                null=True, db_index=True, auto_now=False, auto_now_add=False
                            ),
                        ),
                        ("attempts", fields.IntField(default=0)),
                        ("outcome", fields.CharField(default="", max_length=40)),
                    ],
                    options={
                        "table": "pushed_message",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One message, once, however often WeChat sends it.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="PushedNonce",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("key", fields.CharField(unique=True, max_length=64)),
                        (
                            "came_at",
                            fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "pushed_nonce",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "A (timestamp, nonce) that was used: a captured request is not taken twice.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="ScanCode",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("key", fields.CharField(unique=True, max_length=32)),
                        (
                            "kind",
                            fields.CharEnumField(
                                description="VENUE: venue\nKIOSK: kiosk\nDOCUMENT: document",
                                enum_type=ScanKind,
                                max_length=20,
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
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "device",
                            fields.ForeignKeyField(
                                "models.Device",
                                source_field="device_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "document",
                            fields.ForeignKeyField(
                                "models.Document",
                                source_field="document_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("subject", fields.CharField(unique=True, max_length=60)),
                        ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "scan_code",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One code on paper or on a screen, for good. Its key is what the mini-program gets (scene).",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="ScanImage",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "code",
                            fields.ForeignKeyField(
                                "models.ScanCode",
                                source_field="code_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="images",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("look", fields.CharField(max_length=120)),
                        ("media_type", fields.CharField(max_length=20)),
                        ("data", fields.BinaryField()),
                        ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "scan_image",
                        "app": "models",
                        "unique_together": (("code", "look"),),
                        "pk_attr": "id",
                        "table_description": "The picture that WeChat made of a code, kept: making it again costs a call.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="WeChatAlarm",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("app_id", fields.CharField(max_length=32)),
                        ("api", fields.CharField(max_length=80)),
                        ("errcode", fields.IntField()),
                        ("told", fields.CharField(default="", max_length=200)),
                        ("times", fields.IntField(default=1)),
                        ("first_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                        ("seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                        (
                            "cleared_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "wechat_alarm",
                        "app": "models",
                        "unique_together": (("app_id", "api", "errcode"),),
                        "pk_attr": "id",
                        "table_description": "Something that repeating does not help: a wrong secret, an address that is not on the list.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="WeChatStop",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("app_id", fields.CharField(max_length=32)),
                        ("api", fields.CharField(max_length=80)),
                        ("errcode", fields.IntField()),
                        ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ],
                    options={
                        "table": "wechat_stop",
                        "app": "models",
                        "unique_together": (("app_id", "api"),),
                        "pk_attr": "id",
                        "table_description": "An API that no process calls before a moment: its quota is gone.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="WeChatToken",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("app_id", fields.CharField(unique=True, max_length=32)),
                        ("encrypted_token", fields.BinaryField(null=True)),
                        (
                            "ends_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("rejected_hash", fields.CharField(default="", max_length=64)),
                        ("fetched_by", fields.CharField(default="", max_length=60)),
                        (
                            "fetching_until",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        (
                            "forced_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("forced_on", fields.DateField(null=True)),
                        ("forced_times", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "wechat_token",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "What WeChat gave last, encrypted.",
                    },
                    bases=["Model"],
                ),
                ops.AddField(
                    model_name="ApplicationDraft",
                    name="citizen",
                    field=fields.ForeignKeyField(
                        "models.Citizen",
                        source_field="citizen_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="drafts",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ops.AddField(
                    model_name="ApplicationDraft",
                    name="encrypted_code",
                    field=fields.BinaryField(null=True),
                ),
                ops.AddField(
                    model_name="LeftQuestion",
                    name="safety",
                    field=fields.CharEnumField(
                        default=ContentSafety.NOT_CHECKED,
                        description="NOT_CHECKED: not_checked\nPASSED: passed\nWAITING: waiting\nCLEARED: cleared",
                        enum_type=ContentSafety,
                        max_length=20,
                    ),
                ),
                ops.AddField(
                    model_name="Suggestion",
                    name="safety",
                    field=fields.CharEnumField(
                        default=ContentSafety.NOT_CHECKED,
                        description="NOT_CHECKED: not_checked\nPASSED: passed\nWAITING: waiting\nCLEARED: cleared",
                        enum_type=ContentSafety,
                        max_length=20,
                    ),
                ),
                ops.AddField(
                    model_name="Rating",
                    name="sent_as",
                    field=fields.CharField(default="", max_length=64),
                ),
            ]
        ),
    ]
