"""The process that reads files which somebody sent: paths come in, what they hold goes out.

`python -m services.importing.reader_worker` reads one path a line from its input, and answers each
with one line of JSON. It ends when its input does, so that it never outlives whoever started it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from services.importing.file_contents import FileContents, read_file
from services.importing.source_text import Unreadable

_MOST_MEMORY = 3 * 1024**3
"""Bytes of address space. What needs more is refused with everything else that fails."""


class Answer(msgspec.Struct, omit_defaults=True):
    """What came of one path: contents, or why there are none."""

    contents: FileContents | None = None
    reason: str = ""
    line: int | None = None
    fault: str = ""
    """The kind of exception that nobody had seen yet, for the log."""


def read(path: Path) -> Answer:
    """Return what is in a file, or a sentence for whoever sent it."""
    try:
        return Answer(read_file(path, keep_scans=True))
    except Unreadable as error:
        return Answer(reason=error.reason, line=error.line)
    except MemoryError:
        return Answer(reason="文件展开后过大，读不出来，请拆分后再导入。")
    # What nobody has seen yet must not stop the files after it.
    except Exception as error:  # noqa: BLE001
        return Answer(reason="文件读不出来，请检查是否完整。", fault=type(error).__name__)


def main() -> None:
    """Answer path after path."""
    _limit_memory()
    for line in sys.stdin.buffer:
        answer = read(Path(msgspec.json.decode(line, type=str)))
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


if __name__ == "__main__":
    main()
