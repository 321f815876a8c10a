"""The command `audit`: whether the record of who did what is whole."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict

import click

from models.database import close_database, open_database
from server.cli.failing import failing_in_chinese
from server.settings import Settings, read_settings
from services import audit as records
from services.secret_key import obtain_keys


@click.group("audit")
def audit() -> None:
    """审计记录。"""


@audit.command("verify")
@click.option("--json", "as_json", is_flag=True, help="只输出一个 JSON 对象。")
def verify_command(as_json: bool) -> None:
    """核对审计记录有没有被改动、插入或者删掉；有问题时返回值是 1。"""
    with failing_in_chinese(as_json=as_json):
        found = asyncio.run(_verify(read_settings()))
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
    elif found.broken_at is None:
        click.echo(f"{found.records} 条记录完整，没有改动。最后一条的封印：{found.seal}")
    else:
        click.echo(f"第 {found.broken_at} 条记录被改动或者缺失；之前的 {found.records} 条完整。")
    sys.exit(0 if found.broken_at is None else 1)


async def _verify(settings: Settings) -> records.Verified:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    keys = await asyncio.to_thread(obtain_keys, settings.key_file)
    await open_database(settings.database_url)
    try:
        return await records.verify(keys.sealing)
    finally:
        await close_database()
