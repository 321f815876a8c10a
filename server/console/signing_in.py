"""Signing in and out, and the password that somebody must change."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import COOKIE, NEW_PASSWORD, session_of, staff
from server.context import context_of
from server.same_origin import address_of, is_https
from services import staff as accounts
from services import staff_sessions
from services.access import Actor
from services.errors import Invalid, SignInFailed


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(sign_in_page, "/sign-in", name="sign_in_page")
    routes.add_route(sign_in, "/sign-in", methods={"POST"}, name="sign_in")
    routes.add_route(sign_out, "/sign-out", methods={"POST"}, name="sign_out")
    routes.add_route(new_password_page, "/new-password", name="new_password_page")
    routes.add_route(new_password, "/new-password", methods={"POST"}, name="new_password")


async def sign_in_page(request: Request) -> HTTPResponse:
    """Show the form to sign in with."""
    if await session_of(request) is not None:
        return redirect("/console", status=303)
    return _sign_in_form(request, _next(request.args.get("next", "")))


async def sign_in(request: Request) -> HTTPResponse:
    """Let somebody in."""
    context = context_of(request)
    context.sign_in_limit.note(address_of(request))
    form = Form(request)
    following = _next(form.raw("next"))
    now = datetime.now(UTC)
    keys = context.parts.keys
    try:
        who = await accounts.authenticate(
            form.raw("username")[:100], form.raw("password"), form.raw("code")[:20],
            keys=keys, now=now,
        )  # fmt: skip
    except SignInFailed as failed:
        return _sign_in_form(request, following, failed.sentence, form.raw("username"))
    token = await staff_sessions.begin(who, seal_key=keys.sealing, now=now)
    response = redirect(following, status=303)
    response.add_cookie(
        COOKIE, token, path="/console", httponly=True, samesite="Strict", secure=is_https(request)
    )
    return response


@staff(None, with_any_password=True)
async def sign_out(request: Request, _actor: Actor) -> HTTPResponse:
    """End this session."""
    await staff_sessions.end(
        request.ctx.staff_session,
        seal_key=context_of(request).parts.keys.sealing,
        now=datetime.now(UTC),
    )
    response = redirect("/console/sign-in", status=303)
    response.delete_cookie(COOKIE, path="/console")
    return response


@staff(None, with_any_password=True)
async def new_password_page(request: Request, actor: Actor) -> HTTPResponse:
    """Show the form for a new password."""
    return show(request, actor, "console/new_password.html", sentence="")


@staff(None, with_any_password=True)
async def new_password(request: Request, actor: Actor) -> HTTPResponse:
    """Change one's own password."""
    form = Form(request)
    try:
        if form.raw("new") != form.raw("again"):
            raise Invalid("The two differ.", sentence="两次输入的新密码不一样，请重新输入。")
        await accounts.change_password(
            actor,
            current=form.raw("current"),
            new=form.raw("new"),
            keep_session=request.ctx.staff_session.id,
            now=datetime.now(UTC),
        )
    except Invalid as wrong:
        return show(
            request, actor, "console/new_password.html", status=422, sentence=wrong.sentence
        )
    return go_on(request, "/console", "密码已经修改。")


def _sign_in_form(
    request: Request, following: str, sentence: str = "", username: str = ""
) -> HTTPResponse:
    return context_of(request).pages.show(
        "console/sign_in.html",
        status=403 if sentence else 200,
        sentence=sentence,
        username=username[:100],
        following=following,
    )


def _next(wanted: str) -> str:
    """Return where to go after signing in: a page of the console, never another site."""
    is_ours = wanted.startswith("/console") and "//" not in wanted and "\\" not in wanted
    return wanted if is_ours and wanted != NEW_PASSWORD else "/console"
