"""What tests of every part lean on: the shared material and the speech models."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.settings import read_settings
from speech.model_store import ModelStore


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material that all projects of the house use, beside this repository; never copied."""
    folder = Path(__file__).parents[1].parent / "shared"
    assert folder.is_dir(), f"The tests need the shared material at {folder}"
    return folder


@pytest.fixture(scope="session")
def vosk_test_model(shared: Path) -> Path:
    """A real, small Vosk model that understands the synthetic voices of the shared clips."""
    return shared / "speech" / "vosk-model-test-cn"


@pytest.fixture(scope="session")
def model_store() -> ModelStore:
    """The models of the user who runs the tests; one that is missing is fetched, once."""
    return ModelStore(read_settings().cache_dir, configured={}, offline=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser tests last: Playwright keeps an event loop running until the session ends,
    beside which no other can run.
    """
    items.sort(key=lambda item: "browser" in item.path.parts)
