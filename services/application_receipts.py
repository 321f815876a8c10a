"""The receipt of an application (登记回执): what its owner takes home, on a page and on paper.

It says when the agency has it and by when the answer is due; a day that may still move says so (暂定).
"""

from __future__ import annotations

import io
from datetime import date

import msgspec
import segno
from tortoise.expressions import Q

from models.agency import Agency
from models.application import Application, Channel
from models.disclosure_office import DisclosureOffice
from models.venue import Venue
from services.access import Actor, Permission
from services.application_access import sight
from services.clock import zone_day
from services.disclosure.receipt_days import why_that_day
from services.disclosure.request import Request
from services.errors import NotFound
from services.printed_document import Block, Paragraph, Picture, PrintedDocument, Setting, Table
from services.secret_key import SecretKeys

TITLE = "政府信息公开申请登记回执"
STATUS_PATH = "/apply/status"
_CODE_MM = 32.0


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt says. It holds no name and nothing else that tells of a person."""

    number: str
    query_code: str
    agency: str
    item: str
    channel: str
    submitted_on: date
    received_on: date | None
    """None while both sides have not confirmed."""
    why_that_day: str
    reply_due: date | None
    is_provisional: bool
    office: str
    phone: str
    address: str
    zone: str
    """Who took it in, "" where it came to the agency itself."""

    @property
    def sentence(self) -> str:
        """How it stands, in words that can be read aloud."""
        if self.received_on is None:
            return f"{self.agency}会同您联系，双方确认收到以后开始计算答复期限。"
        if self.reply_due is None:
            return f"{_day(self.received_on)}收到。"
        due = f"{_day(self.received_on)}收到，最迟{_day(self.reply_due)}答复。"
        return due + (_PROVISIONAL if self.is_provisional else "")

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Every line with its name."""
        contact = "，".join(part for part in (self.office, self.phone, self.address) if part)
        lines = (
            ("登记编号", self.number),
            ("受理机关", self.agency),
            ("申请的信息", self.item),
            ("提交方式", self.channel),
            ("提交日期", _day(self.submitted_on)),
            ("收到日", _day(self.received_on) or "待双方确认"),
            ("收到日怎样定", self.why_that_day if self.received_on else ""),
            ("最迟答复日", self._due()),
            ("查询码", self.query_code),
            ("联系", contact),
            ("代收", self.zone),
        )
        return tuple(line for line in lines if line[1])

    def _due(self) -> str:
        if self.reply_due is None:
            return "确认收到后计算"
        return f"{_day(self.reply_due)}{'（暂定）' if self.is_provisional else ''}"


_PROVISIONAL = "那一年的放假安排还没有公布，公布后可能会调整，以查询结果为准。"
_HOW_TO_ASK = (
    "凭查询码，加上证件号码后四位或者电话后四位（都没有留的用姓名全称），可以在政务公开专区、手机或者窗口查办理情况。"
    "不要把查询码告诉别人。"
)
_WHAT_STOPS_IT = (
    "补正、征求意见、延期会改变最迟答复日，机关会告诉您。办理申请不收费，依法收取信息处理费的除外。"
)


async def receipt_of(application_id: int, *, keys: SecretKeys) -> Receipt:
    """Return the receipt of an application, for whoever just filed it. Raises NotFound."""
    row = await Application.get_or_none(id=application_id)
    if row is None:
        raise NotFound(f"There is no application {application_id}.")
    return await _receipt(row, keys)


async def receipt_for(actor: Actor, application_id: int, *, keys: SecretKeys) -> Receipt:
    """Return the receipt of an application that somebody may take in. Raises NotAllowed, NotFound."""
    actor.require(Permission.TAKE_APPLICATIONS)
    row = await Application.get_or_none(Q(id=application_id) & sight(actor))
    if row is None:
        raise NotFound(
            "There is no such application in sight.", sentence="没有找到这件申请，请核对登记编号。"
        )
    return await _receipt(row, keys)


def printed(receipt: Receipt, status_address: str = "", *, large: bool = False) -> PrintedDocument:
    """Return the receipt laid out for paper, in large print where that is wanted.

    `status_address` is what the code leads to: the page on which one asks how it stands.
    """
    blocks: list[Block] = [
        Paragraph(receipt.sentence, Setting.FLUSH),
        Table(rows=receipt.lines, widths=(1.0, 2.6)),
    ]
    if status_address:
        blocks.append(
            Picture(
                png=code_png(status_address),
                width_mm=_CODE_MM,
                description="查询办理情况的二维码",
            )
        )
    blocks += [Paragraph(line, Setting.FLUSH) for line in notes(receipt)]
    return PrintedDocument(
        title=TITLE,
        blocks=tuple(blocks),
        sealed_by=receipt.agency,
        dated=_day(receipt.received_on or receipt.submitted_on),
        large=large,
    )


def notes(receipt: Receipt) -> tuple[str, ...]:
    """Return what stands below the lines."""
    provisional = (f"“暂定”：{_PROVISIONAL}",) if receipt.is_provisional else ()
    return (*provisional, _HOW_TO_ASK, _WHAT_STOPS_IT)


def code_png(address: str) -> bytes:
    """Return an address as a code for a phone's camera, to be printed."""
    file = io.BytesIO()
    segno.make_qr(address, error="m").save(file, kind="png", scale=6, border=4)
    return file.getvalue()


def code_svg(address: str) -> bytes:
    """Return an address as a code for a phone's camera, black on white on any page."""
    file = io.BytesIO()
    segno.make_qr(address, error="m").save(
        file, kind="svg", scale=6, border=4, dark="#000", light="#fff", xmldecl=False
    )
    return file.getvalue()


def item_of(row: Application, keys: SecretKeys) -> str:
    """Return in one line what an application asks for."""
    text = keys.decrypt(row.encrypted_request)
    try:
        return msgspec.json.decode(text, type=Request).summary()
    except msgspec.MsgspecError:
        return text  # The key was another one: the text says so.


async def _receipt(row: Application, keys: SecretKeys) -> Receipt:
    agency = await Agency.get(id=row.agency_id)
    office = await DisclosureOffice.get_or_none(agency_id=row.agency_id)
    venue = await Venue.get_or_none(id=row.venue_id) if row.venue_id is not None else None
    at_once = office is None or office.auto_confirm
    return Receipt(
        number=row.number,
        query_code=row.query_code,
        agency=agency.name,
        item=item_of(row, keys),
        channel=row.channel.label,
        submitted_on=zone_day(row.submitted_at),
        received_on=row.received_on,
        why_that_day=why_that_day(Channel(row.channel), confirms_online_at_once=at_once),
        reply_due=row.reply_due,
        is_provisional=row.is_provisional,
        office=office.name if office else "",
        phone=(office.phone if office else "") or agency.phone,
        address=(office.address if office else "") or agency.address,
        zone=venue.title if venue else "",
    )


def _day(on: date | None) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on else ""
