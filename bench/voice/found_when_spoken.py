"""Whether the right entry is found for a question that was spoken, against the same one typed."""

from __future__ import annotations

from collections.abc import Sequence

from bench.bench_zone import Clip, Plan, clips, open_zone
from bench.engines import vosk, whisper
from bench.report import Row
from services.library import Library
from speech.recognition import Recogniser, listen

RANKS = (1, 3, 10)


async def measure(plan: Plan) -> list[Row]:
    """Return hit@1, @3 and @10 typed, heard by Vosk and heard by whisper."""
    every = clips()
    some = every[:: max(1, len(every) // plan.times(len(every), 20))]
    async with open_zone() as library:
        typed = [await _rank(library, clip, clip.transcript) for clip in some]
        rows = _rows("typed", typed, None, f"{len(some)} questions")
        for name, load in (("Vosk", vosk), ("whisper", whisper)):
            async with load() as recogniser:
                heard = [await _heard_rank(library, clip, recogniser) for clip in some]
                note = f"{recogniser.model}, {len(some)} questions, target: the same typed"
            rows += _rows(f"heard by {name}", heard, typed, note)
    return rows


async def _heard_rank(library: Library, clip: Clip, recogniser: Recogniser) -> int:
    return await _rank(library, clip, await listen(recogniser, clip.pcm()))


async def _rank(library: Library, clip: Clip, text: str) -> int:
    """Return the place of the right entry among the hits, counted from 1, 0 for not there."""
    if not text:
        return 0
    hits = await library.search(text, max(RANKS))
    ids = [hit.external_id for hit in hits]
    return ids.index(clip.qa_id) + 1 if clip.qa_id in ids else 0


def _rows(how: str, ranks: list[int], typed: list[int] | None, note: str) -> list[Row]:
    return [
        Row(
            f"hit@{rank}, {how}",
            _share(ranks, rank),
            "",
            _share(typed, rank) if typed is not None else None,
            at_least=True,
            note=note,
        )
        for rank in RANKS
    ]


def _share(ranks: Sequence[int], within: int) -> float:
    return sum(0 < rank <= within for rank in ranks) / len(ranks)
