"""How a command fails: a Chinese sentence on stderr, a stable code in JSON, exit code 1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from tortoise.exceptions import BaseORMException

from server.settings import BadSettings
from services.errors import OpenZoneError
from speech.errors import SpeechError


@contextmanager
def failing_in_chinese(as_json: bool) -> Iterator[None]:
    """End the command with a message instead of a traceback for what a person can mend."""
    try:
        yield
    except OpenZoneError as error:
        fail(error.code, error.sentence, as_json)
    except SpeechError as error:
        fail(error.code, str(error), as_json)
    except BadSettings as error:
        fail("bad_settings", f"设置有误：{error}", as_json)
    except BaseORMException as error:
        fail("database_error", f"数据库不能用：{error}", as_json)
    except OSError as error:
        fail("file_error", f"文件读写失败：{error}", as_json)


def fail(code: str, message: str, as_json: bool) -> NoReturn:
    """Say what went wrong and end with exit code 1."""
    if as_json:
        click.echo(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    click.echo(message, err=True)
    raise click.exceptions.Exit(1)
