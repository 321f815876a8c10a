"""Promises of the documents: settings are listed, and what is named or linked to exists."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import click
import pytest

from server.cli import main
from server.settings import Settings

ROOT = Path(__file__).parents[1]
WITH_SETTINGS = ("README.md", "docs/admin-guide.zh.md")
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "samples").glob("*/README.md"),
]


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", WITH_SETTINGS)
def test_every_setting_is_documented_and_no_other(document: str) -> None:
    settings = {f"OPENZONE_{field.name.upper()}" for field in fields(Settings)}
    rows = set(re.findall(r"^\| `(OPENZONE_\w+)` \|", _read(document), re.MULTILINE))
    assert rows == settings


def test_every_file_named_in_the_architecture_exists() -> None:
    named = re.findall(r"`([\w.-]+/[\w./-]+|[\w-]+/)`", _read("docs/architecture.md"))
    assert len(named) >= 30
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_source_folder_is_on_the_map() -> None:
    text = _read("docs/architecture.md")
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert [folder for folder in folders if f"`{folder}/`" not in text] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8"))
    local = [link for link in links if not link.startswith(("http:", "https:"))]
    assert [link for link in local if not (document.parent / link).exists()] == []


def _commands(group: click.Group, path: str) -> list[str]:
    found = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.name == name
        full = f"{path} {name}"
        found += _commands(command, full) if isinstance(command, click.Group) else [full]
    return found


def test_a_command_imports_what_it_needs_and_no_more() -> None:
    code = (
        "import sys; from server.cli import main; main(['staff', '--help'], standalone_mode=False); "
        "print({'models.staff', 'sanic', 'openpyxl', 'tantivy'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "{'models.staff'}"


def test_every_command_is_in_the_readme() -> None:
    text = _read("README.md")
    assert [command for command in _commands(main, "openzone") if command not in text] == []
