"""The commands `disclosure deadlines` and `disclosure check-id`: the law as a desk calculator."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, date, datetime

import click
import msgspec

from models.applicant import IdentityKind
from models.application import Channel
from models.database import close_database, has_database, open_database
from server.cli.failing import failing_in_chinese
from server.settings import Settings, read_settings
from services import work_calendars
from services.clock import zone_day
from services.disclosure.deadlines import (
    LONGEST_EXTENSION,
    ImpossibleDay,
    Pause,
    consultation_limit,
)
from services.disclosure.identity_numbers import check_number, kind_of
from services.disclosure.reckoning import CORRECTION_DAYS, Given, Reckoning, reckon
from services.disclosure.work_calendar import WorkCalendar, built_in

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CONSULTATION = re.compile(r"(?P<sent>[^.@]+)(?:@(?P<delivered>[^.@]+))?\.\.(?P<ended>[^.@]*)")


@click.group("disclosure")
def disclosure() -> None:
    """依申请公开：算期限、查号码。"""


@disclosure.command("deadlines")
@click.option("--received", required=True, help="收到（提交、签收）的日期，如 2026-09-25。")
@click.option(
    "--channel",
    type=click.Choice([channel.value for channel in Channel]),
    default=Channel.COUNTER.value,
    show_default=True,
    help="提交的方式，决定哪一天是收到日。",
)
@click.option("--confirmed", help="与申请人确认的日期；不写就是收到当天确认。")
@click.option("--correction-asked", help="通知补正的日期。")
@click.option("--correction-received", help="收到补正的日期。")
@click.option(
    "--correction-days", type=click.IntRange(5, 30), default=CORRECTION_DAYS, show_default=True,
    help="给申请人补正的工作日数。",
)  # fmt: skip
@click.option("--late-correction-allowed", is_flag=True, help="负责人同意了逾期的补正通知。")
@click.option(
    "--consult", "consultations", multiple=True, metavar="D..D",
    help="征求意见：发出..收到意见；未结束写“发出..”；知道对方收到的日期写“发出@送达..收到意见”。",
)  # fmt: skip
@click.option(
    "--extended", type=click.IntRange(0, LONGEST_EXTENSION), is_flag=False,
    flag_value=LONGEST_EXTENSION, default=0, help="已批准并告知延期；可写工作日数，不写是20个。",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
def deadlines_command(
    received: str,
    channel: str,
    confirmed: str | None,
    correction_asked: str | None,
    correction_received: str | None,
    correction_days: int,
    late_correction_allowed: bool,
    consultations: tuple[str, ...],
    extended: int,
    as_json: bool,
) -> None:
    """计算一件申请的各个期限，逐日说明理由。"""
    with failing_in_chinese(as_json):
        calendar = asyncio.run(_calendar(read_settings()))
        given = Given(
            arrived_on=_day(received),
            channel=Channel(channel),
            confirmed_on=_day(confirmed) if confirmed else None,
            correction_asked=_day(correction_asked) if correction_asked else None,
            correction_received=_day(correction_received) if correction_received else None,
            correction_days=correction_days,
            late_correction_allowed=late_correction_allowed,
            pauses=tuple(_pause(written, calendar) for written in consultations),
            extension_days=extended,
        )
        found = reckon(given, calendar, today=_today())
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        _print(found)


@disclosure.command("check-id")
@click.argument("number")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in IdentityKind]),
    help="证件类型；不写就从号码看是身份证还是统一社会信用代码。",
)
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
def check_id_command(number: str, kind: str | None, as_json: bool) -> None:
    """检查公民身份号码、统一社会信用代码有没有输错。"""
    checked_as = IdentityKind(kind) if kind else kind_of(number)
    found = check_number(checked_as, number, today=_today())
    if as_json:
        # The number itself is left out: what is printed gets kept.
        shown = {
            "valid": found.valid, "reason": found.reason, "code": found.code,
            "kind": checked_as.value, "recheck": found.recheck,
        }  # fmt: skip
        click.echo(msgspec.json.encode(shown))
    else:
        click.echo(f"{checked_as.label}：{found.reason or '号码没有问题。'}{found.recheck}")


async def _calendar(settings: Settings) -> WorkCalendar:
    """Return the calendar with what was imported, the built-in one where nothing is set up yet."""
    if not has_database(settings.database_url):
        return built_in()
    await open_database(settings.database_url)
    try:
        return await work_calendars.current()
    finally:
        await close_database()


def _today() -> date:
    return zone_day(datetime.now(UTC))


def _day(written: str) -> date:
    try:
        if _DAY.fullmatch(written.strip()) is None:
            raise ValueError(written)
        return date.fromisoformat(written.strip())
    except ValueError:
        raise ImpossibleDay(sentence=f"“{written}”不是一个日期，请写成 2026-09-25 这样。") from None


def _pause(written: str, calendar: WorkCalendar) -> Pause:
    parts = _CONSULTATION.fullmatch(written.strip())
    if parts is None:
        raise ImpossibleDay(
            sentence=f"“{written}”看不懂，征求意见请写成 2026-10-09..2026-10-20 这样。"
        )
    sent = _day(parts["sent"])
    limit = None
    if parts["delivered"]:
        delivered = _day(parts["delivered"])
        if delivered < sent:
            raise ImpossibleDay(sentence="征求意见送达的日期早于发出的日期，请核对。")
        limit = consultation_limit(delivered, calendar)
    return Pause(sent, _day(parts["ended"]) if parts["ended"] else None, limit)


def _print(found: Reckoning) -> None:
    click.echo(f"收到日：{found.received_on}　{found.received_why}")
    if found.reply_due is None:
        click.echo(f"最迟答复日：还不能确定，已用{found.counted}日，剩余{found.remaining}日")
    else:
        mark = "（暂定）" if found.provisional else ""
        click.echo(f"最迟答复日：{found.reply_due}{mark}")
        click.echo(f"最迟批准并告知延期：{found.extension_due}")
    click.echo(f"最迟通知补正：{found.correction_ask_due}")
    for note in found.notes:
        click.echo(f"注意：{note}")
    for day in found.explanation:
        click.echo(f"{day.date} {'计' if day.counted else '不计'}　{day.why}")
