"""How many people may speak at once follows from how fast the engine is."""

from __future__ import annotations

import pytest

from speech.recognition_speed import FEWEST, MOST, people_at_once
from speech.scripted_recognition import ScriptedRecogniser


class Timed(ScriptedRecogniser):
    """An engine that takes as long as it is told for a second of sound."""

    def __init__(self, took: float, *, streams: bool) -> None:
        super().__init__([])
        self.streams = streams
        self._took = took

    async def rehearse(self, pcm: bytes) -> float:
        assert len(pcm) == 32_000
        return self._took


@pytest.mark.parametrize(
    ("took", "streams", "places"),
    [
        pytest.param(0.125, True, 9, id="an eighth of its time, on two processors"),
        pytest.param(0.0, True, MOST, id="no time at all"),
        pytest.param(3.0, True, FEWEST, id="slower than speech"),
        pytest.param(0.8, False, 5, id="words after the speech, one after the other"),
        pytest.param(9.0, False, FEWEST, id="words far too late"),
    ],
)
async def test_a_slower_engine_listens_to_fewer(took: float, streams: bool, places: int) -> None:
    assert await people_at_once(Timed(took, streams=streams), processors=2) == places


async def test_an_engine_that_cannot_be_measured_gets_the_usual_number() -> None:
    assert await people_at_once(ScriptedRecogniser([])) == 8
