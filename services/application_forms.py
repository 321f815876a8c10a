"""The application form (政府信息公开申请表) as a document to print: blank, as a sample or filled in."""

from __future__ import annotations

from services.disclosure.form_layout import Cell, FormSheet
from services.printed_document import Block, Merged, Paragraph, PrintedDocument, Setting, Table

_WIDTHS = (1.0, 2.6)


def printed(sheet: FormSheet, *, large: bool = False) -> PrintedDocument:
    """Return the form laid out for paper."""
    blocks: list[Block] = [Paragraph(f"致：{sheet.agency or '＿' * 16}", Setting.FLUSH)]
    rows: list[tuple[str, ...]] = []
    merged: list[Merged] = []
    for group in sheet.groups:
        merged.append(Merged(len(rows), 0, len(rows), 1))
        rows.append((group.title, ""))
        rows += [(cell.name, _room(cell)) for cell in group.cells]
    blocks.append(Table(rows=tuple(rows), widths=_WIDTHS, merged=tuple(merged)))
    blocks.append(Paragraph(sheet.signature, Setting.FLUSH))
    blocks.append(Paragraph("个人信息处理告知", Setting.HEADING))
    blocks += [Paragraph(line, Setting.SMALL) for line in sheet.notice]
    blocks.append(Paragraph("填写说明", Setting.HEADING))
    blocks += [
        Paragraph(f"{number}．{line}", Setting.SMALL)
        for number, line in enumerate(sheet.notes, start=1)
    ]
    return PrintedDocument(title=sheet.title, blocks=tuple(blocks), large=large)


def _room(cell: Cell) -> str:
    """Return what stands in a field, with room for a pen where it is empty."""
    if cell.value or cell.choices:
        return cell.text
    return "\n".join(["　"] * cell.lines)
