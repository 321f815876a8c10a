"""The command `report annual`: an agency's annual report, as JSON or as a file."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import click

from models.database import close_database, open_database
from server.cli.failing import failing_in_chinese
from server.cli.recording import command_line
from server.settings import Settings, read_settings
from services import agencies, annual_report_files, annual_reports
from services.annual_report_json import as_json
from services.annual_reports import YearReport
from services.clock import zone_day
from services.errors import Invalid


@click.group("report")
def report() -> None:
    """报表。"""


@report.command("annual")
@click.option("--year", default="", help="哪一年，例如 2026。")
@click.option("--agency", default="", help="机关的编号或者名称。")
@click.option("--json", "to_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="写成 Excel 表格。")
@click.option("--docx", type=click.Path(path_type=Path, dir_okay=False), help="写成 Word 文档。")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="写成网页。")
def annual_command(
    year: str, agency: str, to_json: bool, xlsx: Path | None, docx: Path | None, html: Path | None
) -> None:
    """政府信息公开工作年度报告（国办公开办函〔2021〕30号的格式）。"""
    with failing_in_chinese(as_json=to_json):
        if not (to_json or xlsx or docx or html):
            raise Invalid(
                "No form.", sentence="请用 --json、--xlsx、--docx 或者 --html 说明要哪一种。"
            )
        found = asyncio.run(_report(read_settings(), _year(year), agency.strip()))
        if xlsx:
            xlsx.write_bytes(annual_report_files.workbook(found))
        if docx:
            docx.write_bytes(annual_report_files.word(found))
        if html:
            html.write_text(annual_report_files.page(found), encoding="utf-8")
    if to_json:
        click.echo(json.dumps(as_json(found), ensure_ascii=False))
        return
    for path in filter(None, (xlsx, docx, html)):
        click.echo(f"已写入 {path}。")
    for finding in found.findings:
        click.echo(f"{'不相符' if finding.blocks else '请核对'}：{finding.sentence}", err=True)


async def _report(settings: Settings, year: int, agency: str) -> YearReport:
    await open_database(settings.database_url)
    try:
        actor = await command_line(settings)
        found = await agencies.named(agency)
        today = zone_day(datetime.now(UTC))
        return await annual_reports.report(actor, found.id, year, today=today)
    finally:
        await close_database()


def _year(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise Invalid(
            f"{text!r} is no year.", sentence="请用 --year 写明年度，四位数字，例如 --year 2026。"
        )
    return int(text)
