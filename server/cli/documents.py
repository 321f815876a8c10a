"""The commands `import` and `documents show`."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from models.database import close_database, open_database
from server.cli.failing import failing_in_chinese
from server.cli.recording import command_line
from server.settings import Settings, read_settings
from services import index_following
from services.documents import ShownDocument, show
from services.importing import ImportReport, import_paths


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
def import_command(paths: tuple[Path, ...], as_json: bool) -> None:
    """导入并直接发布文件或文件夹：txt、md、html、docx、pdf 文档，csv、tsv、xlsx、jsonl 问答库。"""
    with failing_in_chinese(as_json):
        report = asyncio.run(_import(read_settings(), list(paths)))
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _print_report(report)
    if report.failed and not (report.imported or report.unchanged):
        raise click.exceptions.Exit(1)


async def _import(settings: Settings, paths: list[Path]) -> ImportReport:
    await open_database(settings.database_url)
    try:
        actor = await command_line(settings)
        report = await import_paths(paths, actor, now=datetime.now(UTC))
        await index_following.catch_up(settings.index_dir)
    finally:
        await close_database()
    return report


def _print_report(report: ImportReport) -> None:
    click.echo(
        f"导入 {report.imported} 条，未变 {report.unchanged} 条，失败 {len(report.failed)} 条。"
    )
    for failure in report.failed:
        place = f"{failure.path} 第 {failure.line} 行" if failure.line else failure.path
        click.echo(f"  {place}：{failure.reason}")


@click.group("documents")
def documents() -> None:
    """查看库里的文件。"""


@documents.command("show")
@click.argument("id_or_number")
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
def show_command(id_or_number: str, as_json: bool) -> None:
    """按编号或文号显示一份文件，例如：渝府办发〔2021〕100号。"""
    with failing_in_chinese(as_json):
        document = asyncio.run(_show(read_settings(), id_or_number))
    if as_json:
        click.echo(json.dumps(_as_json(document), ensure_ascii=False))
    else:
        _print_document(document)


async def _show(settings: Settings, id_or_number: str) -> ShownDocument:
    await open_database(settings.database_url)
    try:
        return await show(id_or_number)
    finally:
        await close_database()


def _as_json(document: ShownDocument) -> dict[str, Any]:
    def day(name: str) -> str | None:
        value = getattr(document, name)
        return value.isoformat() if value else None

    return {
        "id": document.id,
        "external_id": document.external_id,
        "title": document.title,
        "agency": document.agency,
        "document_number": document.document_number,
        "signed_on": day("signed_on"),
        "published_on": day("published_on"),
        "effective_on": day("effective_on"),
        "validity": document.validity.label,
        "addressees": document.addressees,
        "attachments": list(document.attachments),
        "paragraphs": [paragraph.text for paragraph in document.outline],
        "outline": [
            {
                "position": paragraph.position,
                "level": paragraph.level,
                "article": paragraph.article,
                "heading_path": paragraph.heading_path,
                "text": paragraph.text,
            }
            for paragraph in document.outline
        ],
    }


def _print_document(document: ShownDocument) -> None:
    click.echo(document.title)
    facts = (
        ("文号", document.document_number),
        ("发文机关", document.agency),
        ("成文日期", document.signed_on),
        ("发布日期", document.published_on),
        ("施行日期", document.effective_on),
        ("效力", document.validity.label),
        ("主送", document.addressees),
    )
    for name, value in facts:
        if value:
            click.echo(f"{name}：{value}")
    click.echo()
    for paragraph in document.outline:
        click.echo(("\n" if paragraph.level else "　　") + paragraph.text)
    for number, title in enumerate(document.attachments, 1):
        click.echo(f"\n附件 {number}：{title}" if number == 1 else f"附件 {number}：{title}")
