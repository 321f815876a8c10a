"""The control plane, `/__fake__/…`: what tests, and the page that stands in for a phone, can do.

A handler takes the JSON of the body (and what the path names) and returns what is sent back.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from devtools.wechat.call import Call, Reply

if TYPE_CHECKING:
    from devtools.wechat.world import World

PREFIX = "/__fake__"

Fields = dict[str, object]
Handler = Callable[["World", Fields], Awaitable[object]]

_CONTROLS: dict[tuple[str, tuple[str, ...]], Handler] = {}


class Refused(Exception):
    """What the control plane was asked cannot be done; the text says why."""

    def __init__(self, detail: str, status: int = 400) -> None:
        self.status = status
        super().__init__(detail)


def control(method: str, path: str) -> Callable[[Handler], Handler]:
    """Register what answers `path` below the prefix; `{name}` in it takes one part.

    GET takes its fields from the query. A handler may return a whole Reply.
    """

    def register(handler: Handler) -> Handler:
        _CONTROLS[method, tuple(path.strip("/").split("/"))] = handler
        return handler

    return register


def listing() -> list[str]:
    """Return every request that can be made, "POST accounts" and so on."""
    return [f"{method} {'/'.join(parts)}" for method, parts in _CONTROLS]


async def answer_control(world: World, call: Call) -> Reply:
    parts = tuple(call.path.removeprefix(PREFIX).strip("/").split("/"))
    for (method, pattern), handler in _CONTROLS.items():
        named = _fit(pattern, parts)
        if method != call.method or named is None:
            continue
        try:
            fields: Fields = dict(call.query)
            if call.body:
                fields |= msgspec.json.decode(call.body, type=dict[str, object])
            done = await handler(world, fields | named)
        except Refused as refused:
            return _json({"error": str(refused)}, refused.status)
        except (msgspec.ValidationError, msgspec.DecodeError, ValueError) as wrong:
            return _json({"error": str(wrong)}, 400)
        except KeyError as missing:
            return _json({"error": f"{missing} is missing"}, 400)
        except Exception:  # noqa: BLE001
            traceback.print_exc(file=sys.stderr)
            return _json({"error": "The loopback WeChat failed; see its output."}, 500)
        return done if isinstance(done, Reply) else _json(done, 200)
    return _json({"error": f"There is no {call.method} {call.path}."}, 404)


def _fit(pattern: tuple[str, ...], parts: tuple[str, ...]) -> dict[str, str] | None:
    if len(pattern) != len(parts):
        return None
    named = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith("{"):
            named[wanted[1:-1]] = part
        elif wanted != part:
            return None
    return named


def _json(value: object, status: int) -> Reply:
    return Reply(status, {"Content-Type": "application/json"}, msgspec.json.encode(value))
