"""The pictures of codes: plain QR codes that tell which mini-program, page and scene they open.

The real ones are round and only WeChat reads them. These are read by any decoder, so that a test can
hold a printed sheet to what it must open.
"""

from __future__ import annotations

import io
from urllib.parse import parse_qsl, urlencode

import segno
from PIL import Image, ImageOps

PREFIX = "weixin://wxa/code?"
BORDER = 4
"""Modules of white around a QR code, as its standard asks."""

Colour = tuple[int, int, int]


def opening(appid: str, page: str, scene: str, env_version: str) -> str:
    """Return what a code says."""
    return PREFIX + urlencode(
        {"appid": appid, "page": page, "scene": scene, "env_version": env_version}
    )


def read_opening(said: str) -> dict[str, str]:
    """Return what a code opens. Raises ValueError for what is no code of a mini-program."""
    if not said.startswith(PREFIX):
        raise ValueError("not the code of a mini-program")
    return dict(parse_qsl(said.removeprefix(PREFIX), keep_blank_values=True))


def picture(said: str, *, width: int, line: Colour = (0, 0, 0), is_transparent: bool) -> bytes:
    """Return a square picture `width` pixels wide: JPEG, or PNG where nothing is behind the lines."""
    file = io.BytesIO()
    segno.make_qr(said, error="m").save(file, kind="png", scale=1, border=BORDER)
    dots = Image.open(file).convert("L")
    # Whole pixels a module, or a scaled code cannot be read any more; white around the rest.
    scale = max(1, width // dots.width)
    dots = dots.resize((dots.width * scale, dots.width * scale), Image.Resampling.NEAREST)
    dots = ImageOps.pad(dots, (width, width), Image.Resampling.NEAREST, color=255)
    made = io.BytesIO()
    if is_transparent:
        drawn = Image.new("RGBA", dots.size, (*line, 0))
        drawn.putalpha(ImageOps.invert(dots))
        drawn.save(made, "PNG")
    else:
        on_white = Image.composite(
            Image.new("RGB", dots.size, (255, 255, 255)), Image.new("RGB", dots.size, line), dots
        )
        on_white.save(made, "JPEG", quality=90)
    return made.getvalue()
