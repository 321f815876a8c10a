"""The command `openzone`: the server and the tools, without which nothing else is needed."""

from __future__ import annotations

import logging
import sys

import click
import structlog

from server.cli.audit import audit
from server.cli.backup import backup_command, restore_command
from server.cli.deliver import deliver
from server.cli.disclosure import disclosure
from server.cli.documents import documents, import_command
from server.cli.keys import keys
from server.cli.library import ask_command, reindex_command, search_command
from server.cli.report import report
from server.cli.sample import sample
from server.cli.serve import serve
from server.cli.speech import speech
from server.cli.staff import staff


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="openzone")
def main() -> None:
    """政务公开专区：提问、查询、阅读，用说的就行，不用联网。"""
    # What a command answers goes to stdout; everything else must not get mixed into it.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


for command in (
    ask_command,
    backup_command,
    audit,
    deliver,
    disclosure,
    documents,
    import_command,
    keys,
    reindex_command,
    report,
    restore_command,
    sample,
    search_command,
    serve,
    speech,
    staff,
):
    main.add_command(command)
