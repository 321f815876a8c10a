"""The commands `backup` and `restore`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from server.cli.failing import failing_in_chinese
from server.settings import read_settings
from services import backups
from services.backups import Installation
from services.backups.archive import Manifest


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
def backup_command(file: Path, as_json: bool) -> None:
    """把数据库和密钥备份到 FILE；服务不用停。"""
    with failing_in_chinese(as_json):
        manifest = asyncio.run(backups.back_up(installation(), file, now=datetime.now(UTC)))
    if as_json:
        _print_json(file, manifest)
        return
    click.echo(f"已备份到 {file}，{file.stat().st_size / 1_000_000:.1f} MB。")
    click.echo("里面有密钥和群众留言，请放在只有管理员能看的地方，不要只放在这台机器上。")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="这里已有内容时，全部换成备份里的。")
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
def restore_command(file: Path, replace: bool, as_json: bool) -> None:
    """从 FILE 恢复数据库和密钥；先停服务。"""
    with failing_in_chinese(as_json):
        manifest = asyncio.run(backups.restore(installation(), file, replace=replace))
    if as_json:
        _print_json(file, manifest)
        return
    made_at = manifest.made_at.astimezone().strftime("%Y-%m-%d %H:%M")
    click.echo(f"已恢复到 {made_at} 的备份，索引已重建。现在可以启动服务，工作人员要重新登录。")


def installation() -> Installation:
    """Return where everything is, by the settings."""
    settings = read_settings()
    return Installation(settings.database_url, settings.key_file, settings.index_dir)


def _print_json(file: Path, manifest: Manifest) -> None:
    printed = {"file": str(file), **msgspec.to_builtins(manifest)}
    click.echo(msgspec.json.encode(printed).decode())
