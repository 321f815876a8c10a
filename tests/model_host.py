"""A host for models: a real web server on this machine, and packages for the real pip."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from speech.model_catalogue import Model, ModelFile
from speech.model_download import Download
from speech.model_folders import vosk_faults
from speech.model_sources import Piece, PythonPackage

TAG = '"the-only-version"'


class ModelHost:
    """Serves one archive; can stop half way, be slow, or be gone."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.ranges: list[str | None] = []
        """The Range header of every request, in order."""
        self.stop_after: int | None = None
        """Bytes after which a reply is held back until `go_on` is set."""
        self.go_on = threading.Event()
        self.held_back = threading.Event()
        self.breaks_off = False
        """Whether a held back reply ends there instead."""
        self.url = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range")
        self.ranges.append(wanted)
        start = 0
        if wanted and request.headers.get("If-Range") == TAG:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
        if not self.content:
            request.send_error(404)
            return
        if start == len(self.content):
            request.send_response(416)
            request.send_header("Content-Range", f"bytes */{start}")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        request.send_response(206 if start else 200)
        request.send_header("ETag", TAG)
        request.send_header("Content-Length", str(len(self.content) - start))
        request.end_headers()
        stop = self.stop_after if self.stop_after is not None else len(self.content)
        request.wfile.write(self.content[start:stop])
        request.wfile.flush()
        if stop < len(self.content):
            self.held_back.set()
            if self.breaks_off:
                request.close_connection = True
                return
            self.go_on.wait(30)
            request.wfile.write(self.content[stop:])


@contextmanager
def hosting(content: bytes) -> Iterator[ModelHost]:
    """Serve an archive on this machine for the length of the block."""
    host = ModelHost(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                host.answer(self)
            except OSError:
                # The client was killed, which is what some tests are about.
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Tests need no access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    host.url = f"http://127.0.0.1:{server.server_port}/model.zip"
    try:
        yield host
    finally:
        host.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()


VOSK_LIKE = {
    "am/final.mdl": b"network " * 40_000,
    "graph/HCLG.fst": b"graph " * 40_000,
    "conf/mfcc.conf": b"--sample-frequency=16000\n",
}


def archive(files: dict[str, bytes], folder: str = "a-model/") -> bytes:
    """Return a zip archive with files in a folder, stored so that sizes are what they seem."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        for name, content in files.items():
            out.writestr(folder + name, content)
    return file.getvalue()


def downloaded_model(url: str, sha256: str | None = None) -> Model:
    """Return a catalogue entry whose only source is an address."""
    return Model(
        name="a-model",
        purpose="测试",
        licence="Apache-2.0",
        size_bytes=600_000,
        main_file="am/final.mdl",
        setting="OPENZONE_VOSK_MODEL_DIR",
        faults=vosk_faults,
        download=Download(url, sha256),
    )


PARTS = (b"first half of the network, ", b"second half of the network")
SYMBOLS = b'{"a": 1}'
PACKAGES = tuple(
    PythonPackage(f"openzone-test-part{number}", "1.0.0", f"openzone_test_part{number}")
    for number in (1, 2)
)


def _faults(folder: Path) -> list[str]:
    return [name for name in ("model.bin", "sub/symbols.json") if not (folder / name).is_file()]


def packaged_model() -> Model:
    """Return a catalogue entry whose files come in two data packages."""
    joined = b"".join(PARTS)
    return Model(
        name="a-packaged-model",
        purpose="测试",
        licence="MIT",
        size_bytes=len(joined) + len(SYMBOLS),
        main_file="model.bin",
        setting="OPENZONE_WHISPER_MODEL_DIR",
        faults=_faults,
        files=(
            ModelFile(
                "model.bin",
                len(joined),
                hashlib.sha256(joined).hexdigest(),
                tuple(Piece(package, "data/part.bin") for package in PACKAGES),
            ),
            ModelFile(
                "sub/symbols.json",
                len(SYMBOLS),
                hashlib.sha256(SYMBOLS).hexdigest(),
                (Piece(PACKAGES[0], "data/symbols.json"),),
            ),
        ),
    )


def write_wheels(folder: Path, *, second_part: bytes = PARTS[1]) -> None:
    """Write the wheels of the packaged model for pip's --find-links."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = ({"part.bin": PARTS[0], "symbols.json": SYMBOLS}, {"part.bin": second_part})
    for package, files in zip(PACKAGES, contents, strict=True):
        info = f"{package.module}-{package.version}.dist-info"
        wheel = folder / f"{package.module}-{package.version}-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as out:
            # Whoever imports a data package runs code from the network; nobody may.
            out.writestr(f"{package.module}/__init__.py", "raise AssertionError('imported')\n")
            for name, content in files.items():
                out.writestr(f"{package.module}/data/{name}", content)
            metadata = f"Metadata-Version: 2.1\nName: {package.distribution}\nVersion: 1.0.0\n"
            out.writestr(f"{info}/METADATA", metadata)
            out.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            out.writestr(f"{info}/RECORD", "")
