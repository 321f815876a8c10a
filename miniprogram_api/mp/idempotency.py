"""How a phone names what it sends, so that sending it again does not make it twice."""

from __future__ import annotations

from sanic import Request

from miniprogram_api.operation import Parameter
from services.errors import Invalid

_HEADER = "idempotency-key"
_LONGEST = 100

IDEMPOTENCY_KEY = Parameter(
    *("Idempotency-Key", "header", "手机给这次提交起的编号，重发时用同一个"),
    "5b1f7c1e-9a51-4d0c-8f6e-2f6f3c0a7d11",
    schema={"type": "string", "minLength": 1, "maxLength": _LONGEST},
)


class IdempotencyKeyMissing(Invalid):
    """Without a name for what is sent, sending it again would make a second one."""

    code = "idempotency_key_missing"
    sentence = "请求里缺少 Idempotency-Key：每份提交用一个自己生成的编号，重发时用同一个。"


def key_of(request: Request) -> str:
    """Return the name that a phone gave to what it sends. Raises IdempotencyKeyMissing."""
    key: str = request.headers.get(_HEADER, "").strip()
    # What is no text at all comes as characters that cannot be printed.
    if not key or len(key) > _LONGEST or not key.isprintable():
        raise IdempotencyKeyMissing("There is no usable Idempotency-Key.")
    return key
