"""What may be logged of a failure."""

from __future__ import annotations

import traceback
from typing import Any


def failure_fields(error: BaseException) -> dict[str, Any]:
    """Return what may be logged of an exception: its type and where it came from.

    Its message may quote what somebody typed, and is left out.
    """
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return {
        "error": type(error).__name__,
        "at": [
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames
        ],
    }
