"""Numbers in the address of a list."""

from __future__ import annotations

from sanic import Request

from services.errors import Invalid


def number_in(request: Request, name: str, default: int, most: int) -> int:
    """Return a number from 1 that the address holds. Raises Invalid for any other."""
    typed = request.args.get(name, str(default))
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 10
    if not (is_number and 1 <= int(typed) <= most):
        raise Invalid(
            f"{name} must be a number from 1 to {most}.",
            sentence=f"数字应为 1 到 {most}，请检查后再试。",
        )
    return int(typed)
