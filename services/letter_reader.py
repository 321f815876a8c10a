"""A letter as it would go out now: its whole text, and everything that keeps it from going."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tortoise.backends.base.client import BaseDBAsyncClient

from models.application import Application
from models.application_file import ApplicationFile
from models.official_letter import LetterKind, LetterState, OfficialLetter
from services import applicants, application_events
from services.applications import request_in
from services.disclosure.case import Case
from services.disclosure.events import SentForReview
from services.disclosure.findings import Finding
from services.disclosure.guards import NotLawful
from services.disclosure.letter_check import LetterFacts, check_letter
from services.disclosure.letter_evidence import FileOfCase, evidence_findings
from services.disclosure.letter_fields import fill, unmarked
from services.letter_values import Sender, late_values, never_named, wanted, way_of
from services.number_series import next_number
from services.secret_key import SecretKeys

LETTERS = "letter"
"""The series of 文号."""
_PREFIX = "依申请公开"
"""Where an agency has given its letters no name of their own (机关代字)."""


@dataclass
class LetterReader:
    """A letter with everything that it is judged by."""

    letter: OfficialLetter
    application: Application
    case: Case
    sender: Sender
    unnamed: tuple[str, ...]
    files: FileOfCase
    keys: SecretKeys
    database: BaseDBAsyncClient | None

    @classmethod
    async def of(
        cls, letter: OfficialLetter, application: Application, case: Case, *, keys: SecretKeys,
        using_db: BaseDBAsyncClient | None = None,
    ) -> LetterReader:  # fmt: skip
        """Gather what there is."""
        kept = ApplicationFile.filter(
            application_id=application.id, removed_at=None, size_bytes__gte=0
        )
        told = await OfficialLetter.exists(
            application_id=application.id, kind=LetterKind.N13_DISCLOSURE,
            state__in=[LetterState.ISSUED, LetterState.SERVED],
        )  # fmt: skip
        files = FileOfCase(
            case=case,
            files=frozenset([file.purpose for file in await kept]),
            way=way_of(letter, application),
            review_note=await _review_note(letter, keys, using_db),
            has_earlier=application.earlier_id is not None,
            third_party_told=told,
        )
        return cls(
            letter, application, case, await Sender.of(application.agency_id),
            await never_named(letter, keys=keys), files, keys, using_db,
        )  # fmt: skip

    async def text(self, *, number: str, on: date, name: str | None = None) -> str:
        """Return the whole text, with the applicant's own name unless another is given."""
        if self.letter.state in {LetterState.ISSUED, LetterState.SERVED}:
            return finished(self.letter, self.keys)
        body = self.keys.decrypt(self.letter.encrypted_body)
        if name is None:
            name = (await applicants.person_of(self.application, keys=self.keys)).name
        late = late_values(self.letter, self.sender, body, name=name, number=number, on=on)
        return fill(body, late)

    def findings(self, text: str) -> tuple[Finding, ...]:
        """Return everything that keeps a text from being issued."""
        outcome = self.letter.outcome
        if self.letter.kind is not LetterKind.N12_REPLY or outcome is None:
            return self.text_findings(text)
        return (*self.text_findings(text), *evidence_findings(outcome, self.files))

    def text_findings(self, text: str) -> tuple[Finding, ...]:
        """Return what is wrong with the words alone."""
        facts = LetterFacts(
            self.letter.kind,
            self.letter.outcome,
            self.sender.remedy,
            self.files.way,
            self.unnamed,
            quoted=unmarked(wanted(request_in(self.application, self.keys))),
        )
        return check_letter(text, facts)

    def require_agreed(self) -> None:
        """Raise NotLawful unless the applicant asked for a reply by the internet, or takes any form."""
        if self.application.delivery_way.is_electronic:
            return
        if not request_in(self.application, self.keys).accepts_other_form:
            raise NotLawful(sentence="申请人没有同意电子方式送达，请按申请人选的方式送达。")

    async def next_number(self, year: int) -> str | None:
        """Return the number that it gets; receipts have that of their case alone."""
        if self.letter.kind is LetterKind.N1_RECEIPT or self.database is None:
            return None
        agency_id = self.application.agency_id
        running = await next_number(agency_id, year, LETTERS, using_db=self.database)
        return f"{self.sender.office.letter_prefix or _PREFIX}〔{year}〕{running}号"


def finished(letter: OfficialLetter, keys: SecretKeys) -> str:
    """Return the text of a letter that was issued, word for word."""
    return keys.decrypt(letter.encrypted_body)


async def _review_note(
    letter: OfficialLetter, keys: SecretKeys, using_db: BaseDBAsyncClient | None
) -> str:
    """Return what was written when a letter was last sent to the check."""
    stored = await application_events.read(letter.application_id, using_db=using_db)
    notes = [
        one.note(keys)
        for one in stored
        if isinstance(one.event, SentForReview) and one.event.letter_id == letter.id
    ]
    return notes[-1] if notes else ""
