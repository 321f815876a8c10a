"""The command `sample`: the sample zone that comes with the project."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from models.database import close_database, open_database
from models.document import Document
from models.question_entry import QuestionEntry
from server.cli.failing import failing_in_chinese
from server.cli.recording import command_line
from server.cli.sample_reading_area import add_sample_reading_area
from server.cli.sample_zones import add_sample_zones
from server.settings import Settings, read_settings
from services.clock import zone_day
from services.importing import import_paths
from services.index_following import catch_up

SAMPLE_ZONE = Path(__file__).parents[2] / "samples" / "zone"


@click.group()
def sample() -> None:
    """示例专区。"""


@sample.command("load")
@click.option("--if-empty", is_flag=True, help="只在库里什么都没有时装入。")
def load_command(if_empty: bool) -> None:
    """装入示例专区、示例文件、示例问答和示例陈列资料。"""
    with failing_in_chinese(as_json=False):
        asyncio.run(_load(read_settings(), if_empty))


async def _load(settings: Settings, if_empty: bool) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await open_database(settings.database_url)
    try:
        if if_empty and (await Document.exists() or await QuestionEntry.exists()):
            return
        actor = await command_line(settings)
        zones = await add_sample_zones(SAMPLE_ZONE / "zones.json", actor, first=settings.venue)
        now = datetime.now(UTC)
        report = await import_paths(
            [SAMPLE_ZONE / "documents", SAMPLE_ZONE / "questions.csv"], actor, now=now
        )
        await add_sample_reading_area(SAMPLE_ZONE / "reading_area.json", actor, today=zone_day(now))
        await catch_up(settings.index_dir)
    finally:
        await close_database()
    if zones:
        click.echo(f"示例专区：建立了 {zones} 处。")
    click.echo(f"示例专区：新装入 {report.imported} 项，没有变化 {report.unchanged} 项。")
    for failure in report.failed:
        click.echo(f"{failure.path}：{failure.reason}", err=True)
