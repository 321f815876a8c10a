"""The command `openzone`: the server and the tools, without which nothing else is needed."""

from __future__ import annotations

import logging
import sys
from importlib import import_module

import click
import structlog

_COMMANDS = {
    "ask": "library:ask_command",
    "audit": "audit:audit",
    "backup": "backup:backup_command",
    "deliver": "deliver:deliver",
    "disclosure": "disclosure:disclosure",
    "documents": "documents:documents",
    "import": "documents:import_command",
    "keys": "keys:keys",
    "reindex": "library:reindex_command",
    "report": "report:report",
    "restore": "backup:restore_command",
    "sample": "sample:sample",
    "search": "library:search_command",
    "serve": "serve:serve",
    "speech": "speech:speech",
    "staff": "staff:staff",
}
"""Where each command is: the whole of the server takes seconds to import, and few need it."""


class _Commands(click.Group):
    """Commands whose modules are imported when they are wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="openzone")
def main() -> None:
    """政务公开专区：提问、查询、阅读，用说的就行，不用联网。"""
    # What a command answers goes to stdout; everything else must not get mixed into it.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
