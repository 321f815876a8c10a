"""Files as people send them: good ones, scans, locked ones, broken and harmful ones."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pypdf
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

NOTICE = """某区人民政府关于开放公园的通知
某府发〔2024〕{number}号
各街道办事处：
公园全年免费开放，开放时间为六时至二十二时。
一、入园须知
入园不得携带宠物。
某区人民政府
2024年3月1日
"""


def notice(number: int = 1) -> str:
    """Return the text of an official notice."""
    return NOTICE.format(number=number)


def word_file(text: str) -> bytes:
    """Return a Word document, a paragraph for each line."""
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    return _saved(document)


def word_file_with_macros(text: str) -> bytes:
    """Return a Word document that carries a macro project, as a .docm does."""
    added = io.BytesIO(word_file(text))
    with zipfile.ZipFile(added, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"Attribute VB_Name")
    return added.getvalue()


def locked_office_file() -> bytes:
    """Return the outside of a DOCX or XLSX with a password: an old-style file that names a package.

    No library here locks office files. The marks are those that Office writes.
    """
    directory = "Root Entry".encode("utf-16-le") + b"\0" * 44
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
        + directory + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4096
    )  # fmt: skip


def locked_archive(text: str) -> bytes:
    """Return a Word document whose members say that a password locks them."""
    content = bytearray(word_file(text))
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def old_word_file() -> bytes:
    """Return the beginning of a .doc."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000


def bomb() -> bytes:
    """Return a Word document of some kilobytes that unpacks to many megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 20_000_000)
    return packed.getvalue()


def picture(form: str = "PNG") -> bytes:
    """Return a scanned page as a picture."""
    page = Image.new("RGB", (400, 560), "white")
    ImageDraw.Draw(page).text((40, 40), "SCAN", fill="black")
    saved = io.BytesIO()
    page.save(saved, form)
    return saved.getvalue()


def scanned_pdf() -> bytes:
    """Return a PDF whose only page is a picture."""
    saved = io.BytesIO()
    canvas = Canvas(saved)
    canvas.drawImage(ImageReader(io.BytesIO(picture())), 0, 0, 400, 560)
    canvas.save()
    return saved.getvalue()


def locked_pdf() -> bytes:
    """Return a PDF with a password."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    saved = io.BytesIO()
    writer.write(saved)
    return saved.getvalue()


def written(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Write files below a folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


def _saved(document: docx.document.Document) -> bytes:
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()
