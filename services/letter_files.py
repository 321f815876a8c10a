"""A letter as it is read: on a page with what is wrong with it, as PDF and as DOCX."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.application import Application
from models.official_letter import LetterState, OfficialLetter
from services import application_access, applications, audit
from services.access import Actor
from services.audit import Action
from services.clock import zone_day
from services.disclosure.findings import Finding
from services.disclosure.letter_fields import in_words
from services.errors import NotFound
from services.letter_reader import LetterReader
from services.letter_values import applicant_name
from services.printed_document import Paragraph, PrintedDocument, Setting, paragraphs
from services.printed_pdf import pdf_of
from services.printed_word import docx_of
from services.secret_key import SecretKeys


class LetterFormat(StrEnum):
    """What kind of file."""

    PDF = "pdf"
    DOCX = "docx"

    @property
    def media_type(self) -> str:
        """What the kind is called in headers."""
        return {
            "pdf": "application/pdf",
            "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }[self.value]

    async def made(self, document: PrintedDocument) -> bytes:
        """Return a document as such a file."""
        return await asyncio.to_thread(pdf_of if self is LetterFormat.PDF else docx_of, document)


@dataclass(frozen=True)
class LetterShown:
    """One letter for who may read it."""

    letter: OfficialLetter
    draft: str
    """The text as it is written, with its placeholders: what the form of a draft holds."""
    text: str
    """The text as it goes out, the applicant's name masked to who only checks it."""
    findings: tuple[Finding, ...]
    """Why it cannot be issued yet; () once it was."""
    document: PrintedDocument


async def of_case(actor: Actor, application_id: int) -> list[OfficialLetter]:
    """Return the letters of a case in the order they were begun. Raises NotFound, NotAllowed."""
    application = await application_access.seen(actor, application_id)
    application_access.require_seeing_work(actor, application)
    return await OfficialLetter.filter(application_id=application_id).order_by("id")


async def shown(
    actor: Actor, letter_id: int, *, keys: SecretKeys, now: datetime, large: bool = False
) -> LetterShown:
    """Return a letter; that somebody read it is recorded. Raises NotFound, NotAllowed."""
    letter = await OfficialLetter.get_or_none(id=letter_id)
    if letter is None:
        raise NotFound(f"There is no letter {letter_id}.")
    application, case, _ = await applications.case_of(actor, letter.application_id)
    application_access.require_seeing_work(actor, application)
    await audit.record_alone(
        actor, Action.APPLICATION_SEEN, f"application:{application.id}",
        venue_id=application.venue_id, letter=letter.id,
    )  # fmt: skip
    reader = await LetterReader.of(letter, application, case, keys=keys)
    today = zone_day(now)
    name = await applicant_name(actor, application, keys=keys)
    text = await reader.text(number="待编", on=today, name=name)
    done = letter.state in {LetterState.ISSUED, LetterState.SERVED, LetterState.VOID}
    findings = () if done else reader.findings(text)
    draft = keys.decrypt(letter.encrypted_body)
    document = laid_out(letter, text, reader.sender.agency.name, large=large)
    return LetterShown(letter, draft, text, findings, document)


async def file_of(
    actor: Actor, letter_id: int, kind: LetterFormat, *, keys: SecretKeys, now: datetime,
    large: bool = False,
) -> tuple[str, bytes]:  # fmt: skip
    """Return the name and the content of a letter as a file. Raises NotFound, NotAllowed."""
    one = await shown(actor, letter_id, keys=keys, now=now, large=large)
    application = await Application.get(id=one.letter.application_id)
    return file_name(one.letter, application, kind), await kind.made(one.document)


def file_name(letter: OfficialLetter, application: Application, kind: LetterFormat) -> str:
    """Return what the file of a letter is called. It tells of nobody."""
    return f"{application.number}-{letter.kind.value}-{letter.id}.{kind.value}"


def laid_out(letter: OfficialLetter, text: str, agency: str, *, large: bool) -> PrintedDocument:
    """Return the text of a letter laid out for paper."""
    first, *rest = paragraphs(text) or (Paragraph(""),)
    # Whom it is to stands at the margin.
    blocks = (Paragraph(first.text, Setting.FLUSH), *rest)
    on = letter.issued_on
    return PrintedDocument(
        issuer=agency,
        title=letter.title,
        number=letter.number or ("" if on is not None else "（草稿，未编号）"),
        blocks=blocks,
        sealed_by=f"{agency}（印章）",
        dated=in_words(on) if on is not None else "　　年　月　日",
        large=large,
    )
