"""The command `staff`: the first administrator, and whoever lost their way in."""

from __future__ import annotations

import asyncio
import secrets
import sys

import click

from models.database import close_database, open_database
from models.staff import Role
from server.cli.failing import failing_in_chinese
from server.settings import Settings, read_settings
from services import agencies as known_agencies
from services import staff as accounts
from services import venues as zones
from services.access import system
from services.secret_key import obtain_keys


@click.group("staff")
def staff() -> None:
    """工作人员账号。"""


@staff.command("create")
@click.argument("username")
@click.option("--name", "display_name", help="姓名；默认与用户名相同。")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.ADMINISTRATOR.value,
    show_default=True,
    help="岗位；其他岗位一般由系统管理员在管理页面建立。",
)
@click.option(
    "--venue", "venues", multiple=True, help="所属专区的代码，可以写多次；默认为本机所在的专区。"
)
@click.option("--agency", "agencies", multiple=True, help="所属机关的全称，可以写多次。")
@click.option(
    "--password-stdin", is_flag=True, help="从标准输入读密码；不加时打印一个首次登录用的密码。"
)
def create_command(
    username: str,
    display_name: str | None,
    role: str,
    venues: tuple[str, ...],
    agencies: tuple[str, ...],
    password_stdin: bool,
) -> None:
    """建立账号 USERNAME；第一个系统管理员用这条命令建立。"""
    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    password = given or secrets.token_urlsafe(12)
    with failing_in_chinese(as_json=False):
        asyncio.run(
            _create(
                read_settings(),
                username,
                display_name or username,
                Role(role),
                password,
                venues,
                agencies,
                must_change=not given,
            )
        )
    click.echo(f"已建立账号 {username}（{Role(role).label}）。")
    if not given:
        click.echo(f"首次登录密码：{password}")
        click.echo("登录后会要求修改。管理页面在 /console。")


async def _create(
    settings: Settings,
    username: str,
    display_name: str,
    role: Role,
    password: str,
    venues: tuple[str, ...],
    agencies: tuple[str, ...],
    *,
    must_change: bool,
) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    keys = obtain_keys(settings.key_file)
    await open_database(settings.database_url)
    try:
        await zones.ensure_first(settings.venue)
        found = [await zones.by_code(code) for code in venues]
        of_agencies = [await known_agencies.named(name) for name in agencies]
        if not found and not agencies and role is not Role.ADMINISTRATOR:
            found = [await zones.first(settings.venue)]
        await accounts.create(
            system(keys.sealing, "命令行"),
            username=username,
            display_name=display_name,
            role=role,
            password=password,
            venue_ids=[venue.id for venue in found],
            agency_ids=[agency.id for agency in of_agencies],
            must_change_password=must_change,
        )
    finally:
        await close_database()
