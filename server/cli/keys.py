"""The command `keys`: changing what everything is encrypted with."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

import click
import msgspec

from models.database import close_database, open_database
from server.cli.backup import installation
from server.cli.failing import failing_in_chinese
from server.cli.recording import COMMAND_LINE
from server.settings import Settings, read_settings
from services import key_rotation
from services.backups.errors import InstallationInUse
from services.key_rotation import Rotated


@click.group("keys")
def keys() -> None:
    """密钥。"""


@keys.command("rotate")
@click.option("--json", "as_json", is_flag=True, help="只输出一个 JSON 对象。")
def rotate_command(as_json: bool) -> None:
    """换一把新密钥，把已加密的内容全部重新加密；先停服务。中断了再执行一次，会接着做。"""
    with failing_in_chinese(as_json):
        done = asyncio.run(_rotate(read_settings()))
    if as_json:
        click.echo(msgspec.json.encode(asdict(done)).decode())
        return
    how = "接着上次中断的地方，" if done.was_resumed else ""
    click.echo(f"{how}已换成新密钥，重新加密 {done.rows} 条。")
    if done.unreadable:
        click.echo(f"有 {done.unreadable} 项原来就读不出来（不是用这把密钥加密的），没有改动。")
    click.echo("现在请做一次备份；有几台服务器的，先把 secret.key 抄到每一台，再启动服务。")


async def _rotate(settings: Settings) -> Rotated:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        # A server that knows only the old key would go on encrypting with it.
        await asyncio.to_thread(installation().database.check_unused)
    except InstallationInUse as error:
        raise InstallationInUse(
            str(error), sentence="数据库正在使用，请先停止所有 OpenZone 服务，再更换密钥。"
        ) from error
    await open_database(settings.database_url)
    try:
        return await key_rotation.rotate(settings.key_file, by=COMMAND_LINE)
    finally:
        await close_database()
