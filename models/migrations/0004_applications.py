"""Makes the tables of applications for government information (依申请公开)."""

import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.applicant import IdentityCheck, IdentityKind
from models.application import (
    ApplicantKind,
    ApplicationState,
    Carrier,
    Channel,
    DeliveryWay,
    DueKind,
    FiledBy,
    OrgCategory,
)
from models.application_file import FilePurpose
from models.consultation import PartyKind
from models.disclosure_office import AgencyStanding
from models.official_letter import LetterKind, LetterState
from models.one_step import OneStep
from models.outcome import Outcome
from models.remedy import RemedyKind, RemedyResult


class Migration(migrations.Migration):
    dependencies = [("models", "0003_versions_of_what_is_published")]

    initial = False

    operations = [
        OneStep(
            [
                ops.CreateModel(
                    name="AnnualReport",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "agency",
                            fields.ForeignKeyField(
                                "models.Agency",
                                source_field="agency_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("year", fields.IntField()),
                        (
                            "texts",
                            fields.JSONField(
                                default=dict,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        (
                            "entered",
                            fields.JSONField(
                                default=dict,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        (
                            "carried_over",
                            fields.JSONField(
                                null=True,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("carried_over_reason", fields.CharField(default="", max_length=300)),
                        (
                            "figures",
                            fields.JSONField(
                                null=True,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        (
                            "closed_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("edits", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "annual_report",
                        "app": "models",
                        "unique_together": (("agency", "year"),),
                        "pk_attr": "id",
                        "table_description": "What of a year's report does not come from the cases, and the figures once it is closed.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Application",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("number", fields.CharField(unique=True, max_length=40)),
                        ("query_code", fields.CharField(unique=True, max_length=20)),
                        (
                            "agency",
                            fields.ForeignKeyField(
                                "models.Agency",
                                source_field="agency_id",
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
                            "channel",
                            fields.CharEnumField(
                                description="COUNTER: counter\nPOST: post\nPOST_UNSIGNED: post_unsigned\nONLINE: online\nFAX: fax",
                                enum_type=Channel,
                                max_length=20,
                            ),
                        ),
                        (
                            "filed_by",
                            fields.CharEnumField(
                                description="APPLICANT: applicant\nCLERK: clerk\nORAL: oral",
                                enum_type=FiledBy,
                                max_length=20,
                            ),
                        ),
                        (
                            "recorded_by",
                            fields.ForeignKeyField(
                                "models.Staff",
                                source_field="recorded_by_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "applicant_kind",
                            fields.CharEnumField(
                                description="NATURAL_PERSON: natural_person\nLEGAL_OR_OTHER: legal_or_other",
                                enum_type=ApplicantKind,
                                max_length=20,
                            ),
                        ),
                        (
                            "org_category",
                            fields.CharEnumField(
                                null=True,
                                description="BUSINESS: business\nRESEARCH: research\nPUBLIC_WELFARE: public_welfare\nLEGAL_SERVICE: legal_service\nOTHER: other",
                                enum_type=OrgCategory,
                                max_length=20,
                            ),
                        ),
                        ("encrypted_request", fields.BinaryField()),
                        (
                            "delivery_way",
                            fields.CharEnumField(
                                description="IN_PERSON: in_person\nPOST: post\nEMAIL: email\nONLINE: online\nFAX: fax\nINSPECTION: inspection",
                                enum_type=DeliveryWay,
                                max_length=20,
                            ),
                        ),
                        (
                            "carrier",
                            fields.CharEnumField(
                                description="PAPER: paper\nELECTRONIC: electronic\nDISC: disc",
                                enum_type=Carrier,
                                max_length=20,
                            ),
                        ),
                        ("notice_version", fields.CharField(default="", max_length=40)),
                        (
                            "idempotency_hash",
                            fields.CharField(null=True, unique=True, max_length=64),
                        ),
                        (
                            "state",
                            fields.CharEnumField(
                                db_index=True,
                                description="SUBMITTED: submitted\nRECEIVED: received\nCORRECTION: correction\nPROCESSING: processing\nREASONS: reasons\nFEE: fee\nREVIEW: review\nISSUED: issued\nREPLIED: replied\nABANDONED_CORRECTION: abandoned_correction\nABANDONED_FEE: abandoned_fee\nWITHDRAWN: withdrawn\nREDO: redo\nARCHIVED: archived",
                                enum_type=ApplicationState,
                                max_length=24,
                            ),
                        ),
                        ("is_consulting", fields.BooleanField(default=False)),
                        ("is_extended", fields.BooleanField(default=False)),
                        (
                            "assigned_to",
                            fields.ForeignKeyField(
                                "models.Staff",
                                source_field="assigned_to_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("submitted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                        ("received_on", fields.DateField(null=True, db_index=True)),
                        ("first_received_on", fields.DateField(null=True, db_index=True)),
                        ("correction_ask_due", fields.DateField(null=True)),
                        ("reply_due", fields.DateField(null=True, db_index=True)),
                        ("is_provisional", fields.BooleanField(default=False)),
                        ("next_due_on", fields.DateField(null=True, db_index=True)),
                        (
                            "next_due_kind",
                            fields.CharEnumField(
                                null=True,
                                description="CONFIRM: confirm\nASK_CORRECTION: ask_correction\nCORRECTION: correction\nCONSULTATION: consultation\nFEE: fee\nREPLY: reply",
                                enum_type=DueKind,
                                max_length=20,
                            ),
                        ),
                        ("calendar_version", fields.CharField(default="", max_length=64)),
                        (
                            "outcome",
                            fields.CharEnumField(
                                null=True,
                                db_index=True,
                                description="G1_ALREADY_PUBLIC: G1\nG2_GIVEN: G2\nP1_PARTLY: P1\nD1_STATE_SECRET: D1\nD2_FORBIDDEN_BY_LAW: D2\nD3_SAFETY_AND_STABILITY: D3\nD4_THIRD_PARTY: D4\nD5_INTERNAL_AFFAIRS: D5\nD6_PROCESS: D6\nD7_ENFORCEMENT_FILE: D7\nD8_OWN_INQUIRY_REGIME: D8\nU1_DOES_NOT_EXIST: U1\nU2_NOT_OURS: U2\nU3_WOULD_HAVE_TO_BE_MADE: U3\nU4_STILL_UNCLEAR: U4\nN1_PETITION: N1\nN2_REPEATED: N2\nN3_PUBLICATION: N3\nN4_EXCESSIVE: N4\nN5_CONFIRMATION: N5\nO1_NOT_CORRECTED: O1\nO2_NOT_PAID: O2\nO3_OTHER: O3",
                                enum_type=Outcome,
                                max_length=30,
                            ),
                        ),
                        ("closed_on", fields.DateField(null=True, db_index=True)),
                        ("is_in_time", fields.BooleanField(null=True)),
                        ("days_used", fields.IntField(null=True)),
                        ("review_on", fields.DateField(null=True)),
                        (
                            "earlier",
                            fields.ForeignKeyField(
                                "models.Application",
                                source_field="earlier_id",
                                null=True,
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("archive_number", fields.CharField(default="", max_length=60)),
                        ("archived_on", fields.DateField(null=True)),
                        ("keep_until", fields.DateField(null=True, db_index=True)),
                        (
                            "anonymised_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                        ("edits", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "application",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One application to one agency.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Applicant",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "application",
                            fields.OneToOneField(
                                "models.Application",
                                source_field="application_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="applicant",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "identity_kind",
                            fields.CharEnumField(
                                description="RESIDENT_ID: resident_id\nPASSPORT: passport\nHK_MACAO_PERMIT: hk_macao_permit\nTAIWAN_PERMIT: taiwan_permit\nRESIDENCE_PERMIT: residence_permit\nFOREIGN_PERMANENT_RESIDENT: foreign_permanent_resident\nMILITARY_OFFICER: military_officer\nCREDIT_CODE: credit_code\nOTHER_REGISTRATION: other_registration",
                                enum_type=IdentityKind,
                                max_length=30,
                            ),
                        ),
                        (
                            "identity_check",
                            fields.CharEnumField(
                                default=IdentityCheck.NONE,
                                description="NONE: none\nCHECKSUM: checksum\nDOCUMENT_SEEN: document_seen\nCARD_READER: card_reader\nNATIONAL_PLATFORM: national_platform",
                                enum_type=IdentityCheck,
                                max_length=20,
                            ),
                        ),
                        ("encrypted_name", fields.BinaryField(null=True)),
                        ("encrypted_identity", fields.BinaryField(null=True)),
                        ("encrypted_representative", fields.BinaryField(null=True)),
                        ("encrypted_contact", fields.BinaryField(null=True)),
                        ("encrypted_phone", fields.BinaryField(null=True)),
                        ("encrypted_address", fields.BinaryField(null=True)),
                        ("encrypted_postcode", fields.BinaryField(null=True)),
                        ("encrypted_email", fields.BinaryField(null=True)),
                        ("encrypted_fax", fields.BinaryField(null=True)),
                        ("encrypted_agent", fields.BinaryField(null=True)),
                        ("encrypted_help", fields.BinaryField(null=True)),
                        ("encrypted_check_note", fields.BinaryField(null=True)),
                        ("name_hash", fields.CharField(default="", db_index=True, max_length=64)),
                        (
                            "identity_hash",
                            fields.CharField(default="", db_index=True, max_length=64),
                        ),
                        ("phone_hash", fields.CharField(default="", db_index=True, max_length=64)),
                        (
                            "second_facts",
                            fields.JSONField(
                                default=list,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                    ],
                    options={
                        "table": "applicant",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "The person or organisation of one application. None where a field was not given.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="ApplicationDraft",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("code_hash", fields.CharField(unique=True, max_length=64)),
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
                        ("encrypted_content", fields.BinaryField()),
                        ("began_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                        (
                            "ends_at",
                            fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False),
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
                                on_delete=OnDelete.SET_NULL,
                            ),
                        ),
                        ("edits", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "application_draft",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "What was filled in so far, encrypted, behind a code that only its owner has.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="ApplicationEvent",
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
                                related_name="events",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("position", fields.IntField()),
                        ("kind", fields.CharField(max_length=40)),
                        ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                        ("staff_id", fields.IntField(null=True)),
                        ("staff_name", fields.CharField(max_length=60)),
                        ("content", fields.TextField(unique=False)),
                        ("encrypted_note", fields.BinaryField(null=True)),
                    ],
                    options={
                        "table": "application_event",
                        "app": "models",
                        "unique_together": (("application", "position"),),
                        "pk_attr": "id",
                        "table_description": "One thing that happened. Rows are added, never changed.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="ApplicationFile",
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
                                related_name="files",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "purpose",
                            fields.CharEnumField(
                                description="IDENTITY: identity\nATTACHMENT: attachment\nCORRECTION: correction\nOPINION: opinion\nEVIDENCE: evidence\nRELEASE: release\nREDACTION_LOG: redaction_log",
                                enum_type=FilePurpose,
                                max_length=20,
                            ),
                        ),
                        ("encrypted_name", fields.BinaryField()),
                        ("media_type", fields.CharField(max_length=100)),
                        ("size_bytes", fields.BigIntField()),
                        ("stored_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                        ("staff_id", fields.IntField(null=True)),
                        (
                            "removed_at",
                            fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                        ),
                    ],
                    options={
                        "table": "application_file",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "A file of a case, encrypted piece by piece.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="ApplicationFilePart",
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
                                "models.ApplicationFile",
                                source_field="file_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="parts",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        ("position", fields.IntField()),
                        ("encrypted_data", fields.BinaryField()),
                    ],
                    options={
                        "table": "application_file_part",
                        "app": "models",
                        "unique_together": (("file", "position"),),
                        "pk_attr": "id",
                        "table_description": "A piece of a file.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Consultation",
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
                                related_name="consultations",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "party",
                            fields.CharEnumField(
                                description="THIRD_PARTY: third_party\nCO_PRODUCER: co_producer\nCOORDINATION: coordination",
                                enum_type=PartyKind,
                                max_length=20,
                            ),
                        ),
                        ("encrypted_name", fields.BinaryField(null=True)),
                        ("encrypted_address", fields.BinaryField(null=True)),
                        ("encrypted_phone", fields.BinaryField(null=True)),
                        ("encrypted_subject", fields.BinaryField(null=True)),
                        ("encrypted_opinion", fields.BinaryField(null=True)),
                    ],
                    options={
                        "table": "consultation",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One party that is asked in one case.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="DisclosureOffice",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "agency",
                            fields.OneToOneField(
                                "models.Agency",
                                source_field="agency_id",
                                db_constraint=True,
                                to_field="id",
                                related_name="disclosure_office",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "standing",
                            fields.CharEnumField(
                                default=AgencyStanding.DEPARTMENT,
                                description="DEPARTMENT: department\nGOVERNMENT: government\nPROVINCE_OR_MINISTRY: province_or_ministry\nVERTICAL: vertical",
                                enum_type=AgencyStanding,
                                max_length=24,
                            ),
                        ),
                        ("name", fields.CharField(default="", max_length=200)),
                        ("address", fields.CharField(default="", max_length=300)),
                        ("postcode", fields.CharField(default="", max_length=10)),
                        ("phone", fields.CharField(default="", max_length=60)),
                        ("fax", fields.CharField(default="", max_length=60)),
                        ("email", fields.CharField(default="", max_length=120)),
                        ("hours", fields.CharField(default="", max_length=200)),
                        ("online_channel", fields.CharField(default="", max_length=300)),
                        ("letter_prefix", fields.CharField(default="", max_length=40)),
                        ("review_body", fields.CharField(default="", max_length=200)),
                        ("review_address", fields.CharField(default="", max_length=300)),
                        ("review_phone", fields.CharField(default="", max_length=60)),
                        ("review_channel", fields.CharField(default="", max_length=300)),
                        ("court", fields.CharField(default="", max_length=200)),
                        ("court_address", fields.CharField(default="", max_length=300)),
                        ("fee_payment", fields.CharField(default="", max_length=300)),
                        ("auto_confirm", fields.BooleanField(default=True)),
                        ("correction_days", fields.IntField(default=15)),
                        ("late_correction_restarts", fields.BooleanField(default=False)),
                        ("fee_restarts", fields.BooleanField(default=True)),
                        ("keep_decided_years", fields.IntField(default=30)),
                        ("keep_abandoned_years", fields.IntField(default=10)),
                        ("review_withheld_months", fields.IntField(default=12)),
                        ("edits", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "disclosure_office",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "The office of one agency. A reply cannot be issued while its remedy data are empty.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="HolidayNotice",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        ("year", fields.IntField()),
                        ("scope", fields.CharField(default="", max_length=60)),
                        ("version", fields.IntField()),
                        ("number", fields.CharField(default="", max_length=80)),
                        ("announced_on", fields.DateField(null=True)),
                        (
                            "days_off",
                            fields.JSONField(
                                default=dict,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        (
                            "days_worked",
                            fields.JSONField(
                                default=dict,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("imported_by_id", fields.IntField(null=True)),
                        ("imported_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "holiday_notice",
                        "app": "models",
                        "unique_together": (("year", "scope", "version"),),
                        "pk_attr": "id",
                        "table_description": "The days of one year as a notice has them. A newer version takes the place of an older one.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="LetterTemplate",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "agency",
                            fields.ForeignKeyField(
                                "models.Agency",
                                source_field="agency_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "kind",
                            fields.CharEnumField(
                                description="N1_RECEIPT: N1\nN2_CORRECTION: N2\nN3_NO_FURTHER_PROCESSING: N3\nN4_REASONS: N4\nN4B_DELAY: N4b\nN5_EXTENSION: N5\nN6_THIRD_PARTY: N6\nN7_CONSULTING: N7\nN8_AGENCY: N8\nN9_FEE: N9\nN10_PAID: N10\nN11_WITHDRAWN: N11\nN12_REPLY: N12\nN13_DISCLOSURE: N13",
                                enum_type=LetterKind,
                                max_length=6,
                            ),
                        ),
                        ("outcome", fields.CharField(default="", max_length=30)),
                        ("title", fields.CharField(max_length=200)),
                        ("body", fields.TextField(unique=False)),
                        ("updated_at", fields.DatetimeField(auto_now=True, auto_now_add=False)),
                        ("edits", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "letter_template",
                        "app": "models",
                        "unique_together": (("agency", "kind", "outcome"),),
                        "pk_attr": "id",
                        "table_description": "How an agency words a kind of letter. Without a row the wording that ships is used.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="NumberSeries",
                    fields=[
                        (
                            "id",
                            fields.IntField(
                                generated=True, primary_key=True, unique=True, db_index=True
                            ),
                        ),
                        (
                            "agency",
                            fields.ForeignKeyField(
                                "models.Agency",
                                source_field="agency_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        ("year", fields.IntField()),
                        ("series", fields.CharField(max_length=40)),
                        ("last_given", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "number_series",
                        "app": "models",
                        "unique_together": (("agency", "year", "series"),),
                        "pk_attr": "id",
                        "table_description": "The last number given in a series of an agency and a year.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="OfficialLetter",
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
                                related_name="letters",
                                on_delete=OnDelete.CASCADE,
                            ),
                        ),
                        (
                            "agency",
                            fields.ForeignKeyField(
                                "models.Agency",
                                source_field="agency_id",
                                db_constraint=True,
                                to_field="id",
                                related_name=False,
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "kind",
                            fields.CharEnumField(
                                description="N1_RECEIPT: N1\nN2_CORRECTION: N2\nN3_NO_FURTHER_PROCESSING: N3\nN4_REASONS: N4\nN4B_DELAY: N4b\nN5_EXTENSION: N5\nN6_THIRD_PARTY: N6\nN7_CONSULTING: N7\nN8_AGENCY: N8\nN9_FEE: N9\nN10_PAID: N10\nN11_WITHDRAWN: N11\nN12_REPLY: N12\nN13_DISCLOSURE: N13",
                                enum_type=LetterKind,
                                max_length=6,
                            ),
                        ),
                        (
                            "outcome",
                            fields.CharEnumField(
                                null=True,
                                description="G1_ALREADY_PUBLIC: G1\nG2_GIVEN: G2\nP1_PARTLY: P1\nD1_STATE_SECRET: D1\nD2_FORBIDDEN_BY_LAW: D2\nD3_SAFETY_AND_STABILITY: D3\nD4_THIRD_PARTY: D4\nD5_INTERNAL_AFFAIRS: D5\nD6_PROCESS: D6\nD7_ENFORCEMENT_FILE: D7\nD8_OWN_INQUIRY_REGIME: D8\nU1_DOES_NOT_EXIST: U1\nU2_NOT_OURS: U2\nU3_WOULD_HAVE_TO_BE_MADE: U3\nU4_STILL_UNCLEAR: U4\nN1_PETITION: N1\nN2_REPEATED: N2\nN3_PUBLICATION: N3\nN4_EXCESSIVE: N4\nN5_CONFIRMATION: N5\nO1_NOT_CORRECTED: O1\nO2_NOT_PAID: O2\nO3_OTHER: O3",
                                enum_type=Outcome,
                                max_length=30,
                            ),
                        ),
                        ("consultation_id", fields.IntField(null=True)),
                        ("number", fields.CharField(null=True, max_length=80)),
                        ("title", fields.CharField(max_length=200)),
                        ("encrypted_body", fields.BinaryField()),
                        (
                            "state",
                            fields.CharEnumField(
                                default=LetterState.DRAFT,
                                description="DRAFT: draft\nIN_REVIEW: in_review\nCLEARED: cleared\nISSUED: issued\nSERVED: served\nVOID: void",
                                enum_type=LetterState,
                                max_length=20,
                            ),
                        ),
                        ("drafted_by_id", fields.IntField(null=True)),
                        (
                            "writer_ids",
                            fields.JSONField(
                                default=list,
                                encoder=functools.partial(dumps, separators=(",", ":")),
                                decoder=loads,
                            ),
                        ),
                        ("reviewed_by_id", fields.IntField(null=True)),
                        ("drafted_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                        ("issued_on", fields.DateField(null=True)),
                        ("served_on", fields.DateField(null=True)),
                        (
                            "delivery_way",
                            fields.CharEnumField(
                                null=True,
                                description="IN_PERSON: in_person\nPOST: post\nEMAIL: email\nONLINE: online\nFAX: fax\nINSPECTION: inspection",
                                enum_type=DeliveryWay,
                                max_length=20,
                            ),
                        ),
                        ("edits", fields.IntField(default=0)),
                    ],
                    options={
                        "table": "official_letter",
                        "app": "models",
                        "unique_together": (("agency", "number"),),
                        "pk_attr": "id",
                        "table_description": "One letter of one case.",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Referral",
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
                        ("agency_id", fields.IntField(null=True)),
                        ("agency_name", fields.CharField(max_length=200)),
                        ("referred_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                    ],
                    options={
                        "table": "referral",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "Somebody was shown the way to an agency that the zone does not accept for (指引).",
                    },
                    bases=["Model"],
                ),
                ops.CreateModel(
                    name="Remedy",
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
                                related_name="remedies",
                                on_delete=OnDelete.RESTRICT,
                            ),
                        ),
                        (
                            "kind",
                            fields.CharEnumField(
                                description="REVIEW: review\nDIRECT_SUIT: direct_suit\nSUIT_AFTER_REVIEW: suit_after_review",
                                enum_type=RemedyKind,
                                max_length=20,
                            ),
                        ),
                        ("lodged_on", fields.DateField()),
                        (
                            "result",
                            fields.CharEnumField(
                                null=True,
                                description="UPHELD: upheld\nCORRECTED: corrected\nOTHER: other",
                                enum_type=RemedyResult,
                                max_length=20,
                            ),
                        ),
                        ("closed_on", fields.DateField(null=True)),
                    ],
                    options={
                        "table": "remedy",
                        "app": "models",
                        "pk_attr": "id",
                        "table_description": "One review or lawsuit over one application.",
                    },
                    bases=["Model"],
                ),
            ]
        ),
    ]
