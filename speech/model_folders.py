"""Model folders: what an unpacked model must hold before an engine may be given it.

Engines answer an incomplete folder with anything from a bare Exception to the end of the process.
"""

from __future__ import annotations

from pathlib import Path

# Unpacked small Vosk models keep their network in am/ and their graph in graph/; older ones have
# everything at the top. A static graph is one file, one that takes runtime grammars is two.
_VOSK_NETWORKS = ("am/final.mdl", "final.mdl")
_VOSK_GRAPHS = (
    ("graph/HCLG.fst",),
    ("HCLG.fst",),
    ("graph/HCLr.fst", "graph/Gr.fst"),
    ("HCLr.fst", "Gr.fst"),
)


def vosk_faults(folder: Path) -> list[str]:
    """Return what is missing from an unpacked Vosk model, empty when it can be loaded."""
    if not folder.is_dir():
        return [f"{folder} is not a folder"]
    faults = []
    if not any(_filled(folder, name) for name in _VOSK_NETWORKS):
        faults.append("am/final.mdl")
    if not any(all(_filled(folder, name) for name in names) for names in _VOSK_GRAPHS):
        faults.append("graph/HCLG.fst (or graph/HCLr.fst with graph/Gr.fst)")
    if not _filled(folder, "conf/mfcc.conf") and not _filled(folder, "mfcc.conf"):
        faults.append("conf/mfcc.conf")
    return faults


def takes_phrases(folder: Path) -> bool:
    """Return whether a Vosk model can be held to a few phrases.

    Vosk prefers a static graph where there is one, and with it only warns on stderr ("Runtime graphs
    are not supported by this model") and hears freely (Model::ReadDataFiles in its model.cc).
    """
    if any(_filled(folder, name) for name in ("graph/HCLG.fst", "HCLG.fst")):
        return False
    return any(all(_filled(folder, name) for name in names) for names in _VOSK_GRAPHS[2:])


def whisper_faults(folder: Path) -> list[str]:
    """Return what is missing from a CTranslate2 whisper model, empty when it can be loaded.

    Without tokenizer.json faster-whisper would try to fetch one.
    """
    if not folder.is_dir():
        return [f"{folder} is not a folder"]
    names = ("model.bin", "config.json", "tokenizer.json")
    faults = [name for name in names if not _filled(folder, name)]
    if not any(_filled(folder, f"vocabulary.{kind}") for kind in ("txt", "json")):
        faults.append("vocabulary.txt (or vocabulary.json)")
    return faults


def kokoro_faults(folder: Path) -> list[str]:
    """Return what is missing from a Kokoro folder, empty when it can be loaded."""
    if not folder.is_dir():
        return [f"{folder} is not a folder"]
    faults = [name for name in ("model.onnx", "vocab.json") if not _filled(folder, name)]
    if not any((folder / "voices").glob("z*.bin")):
        faults.append("voices/z*.bin")
    return faults


def _filled(folder: Path, name: str) -> bool:
    file = folder / name
    return file.is_file() and file.stat().st_size > 0
