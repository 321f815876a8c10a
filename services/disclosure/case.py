"""A case as its events make it. The same events always make the same case.

Which order is possible at all is decided here; what the law asks besides, and who may, is in
services/disclosure/transitions.py. No clock and no calendar: what depends on today takes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from models.application import ApplicantKind, ApplicationState, Channel, DeliveryWay, OrgCategory
from models.outcome import Outcome
from services.disclosure import deadlines
from services.disclosure.case_parts import Consulted, Correction, Fee, Lodged
from services.disclosure.deadlines import Clock, Pause
from services.disclosure.events import AnyEvent, Submitted
from services.disclosure.work_calendar import WorkCalendar
from services.errors import WrongState

_S = ApplicationState
_HAS_A_PERIOD = {_S.RECEIVED, _S.PROCESSING, _S.REASONS, _S.REVIEW, _S.ISSUED, _S.REDO}


@dataclass(frozen=True)
class Case:
    """Where a case stands after some of its events."""

    state: ApplicationState
    channel: Channel
    submitted_on: date
    last_position: int = 1
    """The number of the last event."""
    received_on: date | None = None
    """Day zero of the period that runs."""
    first_received_on: date | None = None
    """Day zero of the first period."""
    correction: Correction | None = None
    consultations: tuple[Consulted, ...] = ()
    extension_proposed: int | None = None
    """Working days that wait for the word of the head."""
    extension_approved: int | None = None
    """Working days that the head approved and the applicant was not yet told of."""
    extension_approved_on: date | None = None
    extension_days: int = 0
    """Working days added: none until the applicant was told."""
    reasons_asked_on: date | None = None
    reasons_reasonable: bool | None = None
    """None until the applicant gave reasons (Article 35)."""
    delayed_until: date | None = None
    fee: Fee | None = None
    redo_due: date | None = None
    """The last day that a decision over the first answer sets."""
    assigned_to: int | None = None
    searches: int = 0
    """How often a search was put on record."""
    contacts_tried: int = 0
    letter_id: int | None = None
    """The reply that is checked, issued or served."""
    review_passed: bool = False
    outcome: Outcome | None = None
    """What the reply decides, from the secrecy check on."""
    issued_on: date | None = None
    served_on: date | None = None
    served_by: DeliveryWay | None = None
    closed_on: date | None = None
    """The day that counts as answered, abandoned or withdrawn."""
    remedies: tuple[Lodged, ...] = ()
    applicant_kind: ApplicantKind | None = None
    """What the category was mended to, None where it never was."""
    org_category: OrgCategory | None = None
    archived_on: date | None = None
    archive_number: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the agency still owes something."""
        return self.state.is_open

    @property
    def is_consulting(self) -> bool:
        """Whether a party is still asked."""
        return self.is_open and any(one.is_open for one in self.consultations)

    @property
    def is_extended(self) -> bool:
        """Whether the period was made longer and the applicant told."""
        return self.extension_days > 0

    @property
    def is_in_remedy(self) -> bool:
        """Whether a review or lawsuit is not decided (复议、诉讼中)."""
        return any(one.result is None for one in self.remedies)

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """The days that consultations take out of the count.

        The counting of services/disclosure/deadlines.py closes a pause with the party's last day,
        also where nobody noted that it went by.
        """
        paused = [
            Pause(one.sent_on, one.returned_on, one.limit_on, one.delivered_on)
            for one in self.consultations
        ]
        if self.fee is not None and self.fee.paid_on is not None and not self.fee.restarts:
            paused.append(Pause(self.fee.asked_on, self.fee.paid_on))
        return tuple(paused)

    @property
    def runs(self) -> bool:
        """Whether a period for the answer is running or paused."""
        return self.state in _HAS_A_PERIOD or (
            self.state is _S.CORRECTION
            and self.correction is not None
            and not self.correction.restarts
        )

    @property
    def clock(self) -> Clock | None:
        """What the days to the answer are counted from, also of a case that was answered.

        None where no period is: before receipt, while a correction or a fee is waited for, and after
        it was given up.
        """
        if self.received_on is None or not (self.runs or self.served_on is not None):
            return None
        return Clock(
            received_on=self.received_on,
            pauses=self.pauses,
            extension_days=self.extension_days,
            delayed_until=self.delayed_until,
            redo_due=self.redo_due,
        )

    def correction_ask_due(self, calendar: WorkCalendar) -> date | None:
        """Return the last day for asking for a correction, None before receipt.

        Seven working days from the receipt of the application (Article 30): a period that begins anew,
        with a fee that was paid, gives no seven more.
        """
        if self.first_received_on is None:
            return None
        return deadlines.correction_ask_due(self.first_received_on, calendar).on

    def consulted(self, consultation_id: int) -> Consulted:
        """Return one consultation. Raises WrongState where there is none."""
        for one in self.consultations:
            if one.consultation_id == consultation_id:
                return one
        raise WrongState(f"There is no consultation {consultation_id} in this case.")

    def after(self, event: AnyEvent) -> Case:
        """Return the case after one more event. Raises WrongState for an impossible order."""
        # The steps make cases, so that they cannot be known before Case is.
        from services.disclosure.case_steps import step

        return replace(step(event, self), last_position=self.last_position + 1)


def rebuild(events: Iterable[AnyEvent]) -> Case:
    """Return the case that events make. Raises WrongState for an impossible order."""
    following = iter(events)
    first = next(following, None)
    if not isinstance(first, Submitted):
        raise WrongState("A case begins with being submitted.")
    case = Case(_S.SUBMITTED, first.channel, first.on)
    for event in following:
        case = case.after(event)
    return case
