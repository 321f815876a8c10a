"""How an application came to the agency, as whoever opens the post or stands at the counter notes it.

Source: Regulation on Open Government Information (2019 revision), Article 31.
"""

from __future__ import annotations

from datetime import date

import msgspec

from models.application import Channel


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """The day and the traces of its way."""

    channel: Channel
    arrived_on: date | None
    """Handed in, signed for, put in the letter box, sent."""
    confirmed_on: date | None = None
    """The day on which the office confirmed with the applicant, where that is what counts."""
    mail_number: str = ""
    signer: str = ""
    """Who signed for it at the agency."""

    def missing(self, today: date) -> dict[str, str]:
        """Return what is missing or cannot be, a sentence by field."""
        found: dict[str, str] = {}
        if self.arrived_on is None:
            found["arrived_on"] = f"请填写{self.day_name}。"
        elif self.arrived_on > today:
            found["arrived_on"] = f"{self.day_name}在今天之后，请核对。"
        if self.confirmed_on is not None:
            if self.confirmed_on > today:
                found["confirmed_on"] = "确认收到的日期在今天之后，请核对。"
            elif self.arrived_on is not None and self.confirmed_on < self.arrived_on:
                found["confirmed_on"] = "确认收到的日期早于来件的日期，请核对。"
        if self.channel is Channel.POST:
            if not self.mail_number.strip():
                found["mail_number"] = "请填写邮件号码。没有号码的按平常信函登记。"
            if not self.signer.strip():
                found["signer"] = "请填写签收人。"
        return found

    @property
    def day_name(self) -> str:
        """What the day of arrival is called."""
        return {
            Channel.COUNTER: "提交日期",
            Channel.POST: "签收日期",
            Channel.POST_UNSIGNED: "信函到达日期",
            Channel.ONLINE: "邮件收到日期",
            Channel.FAX: "传真收到日期",
        }[self.channel]

    def note(self) -> str:
        """Return what is kept beside the case, "" where there is nothing to say."""
        if self.channel is not Channel.POST:
            return ""
        return f"邮件号码：{self.mail_number}；签收人：{self.signer}。"
