"""The command `openzone speech`, as other programs call it."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli.speech import speech
from server.settings import read_settings
from speech.model_catalogue import KOKORO, VOSK, WHISPER
from speech.model_store import ModelStore
from tests.sounds import error_rate, without_speech


def run(*arguments: str, **settings: str) -> Result:
    env = {f"OPENZONE_{name}": value for name, value in settings.items()}
    return CliRunner().invoke(speech, list(arguments), env=env)


def write_wav(path: Path, pcm: bytes) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(pcm)
    return path


@pytest.fixture(scope="module")
def question(shared: Path) -> Path:
    return shared / "speech" / "questions" / "wav" / "k000.wav"


QUESTION = "北京市对返京劳务人员如何开展防控工作"


@pytest.mark.parametrize("engine", ["vosk", "whisper"])
def test_listen_prints_one_object(
    engine: str, question: Path, vosk_test_model: Path, model_store: ModelStore
) -> None:
    model_store.obtain(WHISPER)
    done = run(
        "listen", str(question), "--engine", engine, "--json", VOSK_MODEL_DIR=str(vosk_test_model)
    )
    assert done.exit_code == 0
    heard = json.loads(done.stdout)
    assert set(heard) == {"text", "engine", "audio_s", "compute_s"}
    assert heard["engine"] == engine
    assert heard["audio_s"] == pytest.approx(6.325, abs=0.001)
    assert error_rate(QUESTION, heard["text"]) < 0.4


def test_listen_to_silence_says_so_and_prints_nothing(
    tmp_path: Path, vosk_test_model: Path
) -> None:
    silence = write_wav(tmp_path / "silence.wav", without_speech(2)["digital silence"])
    done = run("listen", str(silence), VOSK_MODEL_DIR=str(vosk_test_model))
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "没有听清" in done.stderr


def test_a_batch_answers_line_by_line_and_stops_at_nothing(
    tmp_path: Path, question: Path, vosk_test_model: Path
) -> None:
    (tmp_path / "text.wav").write_text("这不是录音")
    lines = [
        json.dumps({"audio": str(question), "id": "first"}),
        json.dumps({"audio": str(tmp_path / "text.wav"), "id": "second"}),
        "this is no JSON",
        json.dumps({"audio": str(tmp_path / "missing.wav"), "id": "fourth"}),
        json.dumps(["audio"]),
        json.dumps({"audio": str(question), "id": "last"}),
    ]
    (tmp_path / "batch.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = run(
        "listen", "--batch", str(tmp_path / "batch.jsonl"), VOSK_MODEL_DIR=str(vosk_test_model)
    )
    assert done.exit_code == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.get("id") for answer in answers] == [
        "first",
        "second",
        None,
        "fourth",
        None,
        "last",
    ]
    codes = [answer.get("error", {}).get("code") for answer in answers]
    assert codes == [None, "unreadable_audio", "bad_line", "unreadable_audio", "bad_line", None]
    assert answers[0]["text"] == answers[-1]["text"] != ""


def test_a_bad_recording_is_an_error_with_a_code(tmp_path: Path, vosk_test_model: Path) -> None:
    (tmp_path / "empty.wav").touch()
    done = run("listen", str(tmp_path / "empty.wav"), "--json", VOSK_MODEL_DIR=str(vosk_test_model))
    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"]["code"] == "unreadable_audio"


def test_without_any_model_the_message_says_what_to_do(tmp_path: Path, question: Path) -> None:
    done = run("listen", str(question), "--json", OFFLINE="1", CACHE_DIR=str(tmp_path))
    assert done.exit_code == 1
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "model_unavailable"
    assert "openzone speech models fetch" in error["message"]


def test_vosk_is_the_default_wherever_it_can_be_had(vosk_test_model: Path) -> None:
    report = json.loads(
        run("models", "status", "--json", VOSK_MODEL_DIR=str(vosk_test_model)).stdout
    )
    assert report["recogniser"]["engine"] == "vosk"
    assert report["recogniser"]["model"] == "vosk-model-test-cn"


def test_where_vosk_cannot_be_had_the_status_says_that_whisper_is_used(
    model_store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An empty home: the vosk package may have downloaded the model into the real one.
    monkeypatch.setenv("HOME", str(tmp_path))
    whisper = str(model_store.obtain(WHISPER))
    done = run(
        "models", "status", "--json", CACHE_DIR=str(tmp_path / "cache"), WHISPER_MODEL_DIR=whisper
    )
    recogniser = json.loads(done.stdout)["recogniser"]
    assert recogniser["engine"] == "whisper"
    assert "未取得 Vosk" in recogniser["note"]


def test_status_describes_every_model(model_store: ModelStore) -> None:
    model_store.obtain(WHISPER)
    report = json.loads(run("models", "status", "--json").stdout)
    models = {model["name"]: model for model in report["models"]}
    assert set(models) == {VOSK, WHISPER, KOKORO}
    assert models[WHISPER]["state"] == "ready"
    assert len(models[WHISPER]["sha256"]) == 64
    assert Path(models[WHISPER]["path"]).is_relative_to(read_settings().cache_dir.absolute())
    for model in models.values():
        assert model["licence"]
        assert model["size_bytes"] > 0
        assert len(model["sources"]) >= 3


def test_fetch_of_a_model_that_cannot_be_had_fails(tmp_path: Path) -> None:
    done = run("models", "fetch", WHISPER, OFFLINE="1", CACHE_DIR=str(tmp_path))
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "离线" in done.stderr


def test_bad_settings_are_named(tmp_path: Path) -> None:
    done = run("models", "status", "--json", PORT="no port", CACHE_DIR=str(tmp_path))
    assert done.exit_code == 1
    assert "OPENZONE_PORT" in json.loads(done.stdout)["error"]["message"]


@pytest.mark.parametrize("arguments", [("listen",), ("say", "  ", "--out", "x.wav")])
def test_a_command_without_its_object_is_refused(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
