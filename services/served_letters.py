"""The letters of a case as its applicant has them: what was served on them, word for word."""

from __future__ import annotations

from models.application import Application
from models.official_letter import LetterKind, LetterState, OfficialLetter
from services import audit, letter_files
from services.access import system
from services.application_filing import APPLICANT
from services.audit import Action
from services.errors import NotFound
from services.letter_files import LetterFormat
from services.letter_reader import finished
from services.secret_key import SecretKeys

_TO_OTHERS = [LetterKind.N6_THIRD_PARTY, LetterKind.N8_AGENCY, LetterKind.N13_DISCLOSURE]


async def of_case(application_id: int) -> list[OfficialLetter]:
    """Return the letters that were served on the applicant, the latest first."""
    served = OfficialLetter.filter(
        application_id=application_id, state=LetterState.SERVED, consultation_id=None
    ).exclude(kind__in=_TO_OTHERS)
    return await served.order_by("-served_on", "-id")


async def file_of(
    application: Application, letter_id: int, kind: LetterFormat, *, keys: SecretKeys,
    large: bool = False,
) -> tuple[str, bytes]:  # fmt: skip
    """Return the name and the content of one of them; that the applicant read it is recorded first.

    The agency of the application has to be fetched with it. Raises NotFound for every other letter.
    """
    letter = next((one for one in await of_case(application.id) if one.id == letter_id), None)
    if letter is None:
        raise NotFound(
            f"Letter {letter_id} was not served in application {application.id}.",
            sentence="没有这份文书，或者还没有送达。",
        )
    await audit.record_alone(
        system(keys.sealing, APPLICANT), Action.APPLICATION_SEEN, f"application:{application.id}",
        venue_id=application.venue_id, letter=letter.id,
    )  # fmt: skip
    laid_out = letter_files.laid_out(
        letter, finished(letter, keys), application.agency.name, large=large
    )
    return letter_files.file_name(letter, application, kind), await kind.made(laid_out)
