"""What the loopback WeChat can do is in its document, all of it."""

from __future__ import annotations

from pathlib import Path

from devtools.wechat import __main__ as loopback
from devtools.wechat.apis import APIS
from devtools.wechat.control import listing
from devtools.wechat.faults import Fault
from devtools.wechat.push_letters import Trick

TEXT = (Path(__file__).parents[1] / "docs" / "wechat-loopback.md").read_text(encoding="utf-8")
KINDS = [str(kind.__struct_config__.tag) for kind in Fault.__subclasses__()]


def test_every_api_is_named() -> None:
    assert loopback.main.name == "main", "importing it registers what is answered"
    assert len(APIS) > 20
    assert [path for path in APIS if f"`{path}`" not in TEXT] == []


def test_every_control_is_named() -> None:
    assert [line for line in listing() if f"`{line}`" not in TEXT] == []


def test_every_fault_and_trick_is_named() -> None:
    assert len(KINDS) == 13
    assert [name for name in (*KINDS, *Trick) if f"`{name}`" not in TEXT] == []
