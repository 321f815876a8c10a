"""An installation with 10,000 documents and some staff, for what is measured on long lists."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tortoise.transactions import in_transaction

from bench.bench_zone import RESULTS
from models.category import Category
from models.database import close_database, open_database
from models.document import Document, Paragraph, Validity
from models.index_change import Subject
from models.publishable import Publication, VersionState
from models.staff import Role, Staff
from models.venue import Venue
from search.document_number import number_key
from server.settings import Settings, read_settings
from services import index_changes, venues
from services import staff as accounts
from services.access import system
from services.secret_key import obtain_keys

DOCUMENTS = 10_000
USERNAME, PASSWORD = "bench-clerk", "量一量要多久 2026"
AGENCIES = (
    "民政局",
    "教育委员会",
    "人力社保局",
    "住房城乡建设委",
    "卫生健康委",
    "公安局",
    "税务局",
)
TOPICS = (
    "高龄津贴",
    "公园开放",
    "停车收费",
    "入学报名",
    "医保报销",
    "公租房申请",
    "创业补贴",
    "养犬登记",
)
KINDS = ("办法", "通知", "实施细则", "公告", "指南")
_AT_ONCE = 1_000


def settings() -> Settings:
    """Return the settings of that installation, with a data folder of its own."""
    data_dir = RESULTS / "many"
    return replace(
        read_settings(),
        data_dir=data_dir,
        database_url=f"sqlite://{data_dir / 'openzone.sqlite3'}",
    )


async def prepare_many() -> Settings:
    """Fill the installation, where it was not filled before, and return its settings."""
    where = settings()
    where.data_dir.mkdir(parents=True, exist_ok=True)
    keys = await asyncio.to_thread(obtain_keys, where.key_file)
    await open_database(where.database_url)
    try:
        await venues.ensure_first()
        venue = await Venue.all().order_by("id").first()
        assert venue is not None, "There is always a zone"
        if await Document.all().count() < DOCUMENTS:
            await _fill(venue.id)
        if not await Staff.filter(username=USERNAME).exists():
            await accounts.create(
                system(keys.sealing), username=USERNAME, display_name="量", role=Role.CLERK,
                password=PASSWORD, venue_ids=[venue.id], agency_ids=None,
                must_change_password=False,
            )  # fmt: skip
    finally:
        await close_database()
    return where


async def _fill(venue_id: int) -> None:
    made = list(_documents(venue_id))
    for place in range(0, len(made), _AT_ONCE):
        some = made[place : place + _AT_ONCE]
        async with in_transaction() as database:
            await Document.bulk_create(some, using_db=database)
            names = [document.external_id for document in some]
            stored = await Document.filter(external_id__in=names).using_db(database).order_by("id")
            paragraphs = [
                Paragraph(document_id=row.id, position=position, text=text)
                for row in stored
                for position, text in enumerate(_text(row))
            ]
            await Paragraph.bulk_create(paragraphs, using_db=database)
            ids = [row.id for row in stored]
            await index_changes.record(Subject.DOCUMENT, ids, using_db=database)


def _documents(venue_id: int) -> Iterator[Document]:
    chance = random.Random(2019)
    for n in range(DOCUMENTS):
        agency, year = chance.choice(AGENCIES), chance.randint(2010, 2026)
        number = f"示{agency[0]}发〔{year}〕{n}号"
        day = date(year, 1, 1) + timedelta(days=chance.randrange(365))
        is_public = chance.random() < 0.9
        yield Document(
            external_id=f"many-{n}",
            title=f"示例区{agency}关于{chance.choice(TOPICS)}的{chance.choice(KINDS)}（第{n}号）",
            agency=f"示例区{agency}",
            document_number=number,
            number_key=number_key(number),
            signed_on=day,
            published_on=day,
            validity=chance.choice(list(Validity)),
            category=chance.choice(list(Category)),
            content_hash="",
            publication=Publication.PUBLISHED if is_public else Publication.UNPUBLISHED,
            open_state=None if is_public else VersionState.DRAFT,
            venue_id=None if chance.random() < 0.5 else venue_id,
            changed_at=datetime.now(UTC),
        )


def _text(document: Document) -> list[str]:
    return [
        f"为了方便群众办事，根据有关规定，制定{document.title}。",
        "符合条件的居民可以到所在地的政务服务中心申请，材料齐全的当场受理。",
        f"本文件由{document.agency}负责解释，自公布之日起施行。",
    ]
