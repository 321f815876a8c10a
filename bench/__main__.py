"""`python -m bench`: measure, print a table, write bench/results/latest.json."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import click
import structlog

from bench import (
    annual_report,
    catalogue,
    indexing,
    kiosk_while_wechat_hangs,
    kiosks,
    listing,
    over_http,
    phones,
    publishing,
    pushing,
    serving,
    speaking,
    typed,
)
from bench.bench_zone import RESULTS, Plan, prepare_zone
from bench.report import Row, Skipped, table, write
from bench.voice import answering_time, found_when_spoken

MEASUREMENTS: dict[str, Callable[[Plan], Awaitable[list[Row]]]] = {
    "typed": typed.measure,
    "http": over_http.measure,
    "voice": answering_time.measure,
    "speaking": speaking.measure,
    "spoken-search": found_when_spoken.measure,
    "indexing": indexing.measure,
    "publishing": publishing.measure,
    "serving": serving.measure,
    "listing": listing.measure,
    "catalogue": catalogue.measure,
    "kiosks": kiosks.measure,
    "phones": phones.measure,
    "annual-report": annual_report.measure,
    "pushing": pushing.measure,
    "wechat-hangs": kiosk_while_wechat_hangs.measure,
}
WITHOUT_ZONE = {"speaking", "listing", "catalogue", "annual-report", "pushing"}
"""What needs no documents or questions loaded."""


@click.command()
@click.option("--only", type=click.Choice(list(MEASUREMENTS)), multiple=True)
@click.option("--quick", is_flag=True, help="Few samples: to see that it works, not to quote.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=RESULTS / "latest.json", show_default=True
)
def main(only: tuple[str, ...], quick: bool, out: Path) -> None:
    """Measure everything, or only what is named."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    rows: list[Row] = []
    skipped: dict[str, str] = {}
    names = only or tuple(MEASUREMENTS)
    if not WITHOUT_ZONE.issuperset(names):
        click.echo("importing what is measured; the first time takes a while …", err=True)
        try:
            asyncio.run(prepare_zone())
        except Skipped as reason:
            skipped = {name: str(reason) for name in names if name not in WITHOUT_ZONE}
    for name in names:
        if name in skipped:
            continue
        click.echo(f"measuring {name} …", err=True)
        try:
            rows += asyncio.run(_measured(name, Plan(quick)))
        except Skipped as reason:
            skipped[name] = str(reason)
    print(table(rows))
    for name, why in skipped.items():
        print(f"skipped {name}: {why}")
    write(out, rows, skipped)


async def _measured(name: str, plan: Plan) -> list[Row]:
    return await MEASUREMENTS[name](plan)


if __name__ == "__main__":
    main()
