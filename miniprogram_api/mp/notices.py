"""Notices of a zone on the phone, and what somebody follows."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, json

from miniprogram_api.mp.sessions import open_to_all, signed_in
from miniprogram_api.mp.venues_scanned import venue_of
from models.citizen import Citizen
from models.notice import Notice
from services import follows, notice_board


class NoticeShown(msgspec.Struct, frozen=True):
    """A notice that is public."""

    id: int
    title: str
    text: str
    """In paragraphs, divided by line breaks."""
    zone: str
    is_emergency: bool
    published_at: datetime
    shown_until: datetime | None

    @classmethod
    def of(cls, row: Notice) -> NoticeShown:
        """Return what is shown of a notice."""
        assert row.published_at is not None
        return cls(
            *(row.id, row.title, row.text, row.venue.title, row.is_emergency),
            *(row.published_at, row.shown_until),
        )


class NoticesReply(msgspec.Struct, frozen=True):
    """The notices of a zone: emergencies first, then the newest."""

    notices: list[NoticeShown]


class FollowedVenue(msgspec.Struct, frozen=True):
    """A zone that is followed."""

    code: str
    title: str


class FollowedSubject(msgspec.Struct, frozen=True):
    """A subject that may be followed."""

    subject: str
    label: str
    is_followed: bool


class FollowsReply(msgspec.Struct, frozen=True):
    """What somebody follows."""

    venues: list[FollowedVenue]
    subjects: list[FollowedSubject]


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/notices", name="notices")
    routes.add_route(one, "/notices/<notice_id:int>", name="notice")
    routes.add_route(followed, "/follows", name="follows")
    for kind, put, delete in (
        ("venues", follow_venue, unfollow_venue),
        ("subjects", follow_subject, unfollow_subject),
    ):
        path, name = f"/follows/{kind}/<named:str>", kind.removesuffix("s")
        routes.add_route(put, path, methods={"PUT"}, name=f"follow_{name}")
        routes.add_route(delete, path, methods={"DELETE"}, name=f"unfollow_{name}")


@open_to_all
async def every(request: Request) -> HTTPResponse:
    """Show the notices of the zone that was scanned."""
    venue = await venue_of(request)
    rows = await notice_board.on_phone(venue.id, datetime.now(UTC))
    return json(NoticesReply([NoticeShown.of(row) for row in rows]))


@open_to_all
async def one(_request: Request, notice_id: int) -> HTTPResponse:
    """Show a notice: whoever has its card may open it, whatever zone they are at."""
    notice = await notice_board.find(notice_id, datetime.now(UTC))
    return json(NoticeShown.of(notice))


@signed_in
async def followed(_request: Request, citizen: Citizen) -> HTTPResponse:
    """Show what somebody follows, and which subjects there are."""
    rows = await follows.of(citizen)
    chosen = {row.category for row in rows if row.category is not None}
    return json(
        FollowsReply(
            [FollowedVenue(row.venue.code, row.venue.title) for row in rows if row.venue],
            [
                FollowedSubject(subject.value, subject.label, subject in chosen)
                for subject in notice_board.subjects()
            ],
        )
    )


@signed_in
async def follow_venue(_request: Request, citizen: Citizen, named: str) -> HTTPResponse:
    """Follow a zone."""
    await follows.follow_venue(citizen, named)
    return empty()


@signed_in
async def unfollow_venue(_request: Request, citizen: Citizen, named: str) -> HTTPResponse:
    """Follow a zone no longer."""
    await follows.unfollow_venue(citizen, named)
    return empty()


@signed_in
async def follow_subject(_request: Request, citizen: Citizen, named: str) -> HTTPResponse:
    """Follow a subject."""
    await follows.follow_subject(citizen, named)
    return empty()


@signed_in
async def unfollow_subject(_request: Request, citizen: Citizen, named: str) -> HTTPResponse:
    """Follow a subject no longer."""
    await follows.unfollow_subject(citizen, named)
    return empty()
