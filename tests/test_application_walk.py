"""Cases walked through at random: whatever is done in whatever order, a case stays what its events say."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from models.application import Application, ApplicationState, Channel
from models.application_event import ApplicationEvent
from models.consultation import PartyKind, PartyView
from models.outcome import Outcome
from models.remedy import RemedyKind, RemedyResult
from services import application_acts as acts
from services import applications, audit
from services.application_events import StoredEvent
from services.application_projection import calendar_for, project
from services.application_refresh import refresh
from services.disclosure import deadlines
from services.disclosure import events as e
from services.disclosure.case import Case, rebuild
from services.disclosure.fees import Charge, Tariff
from services.disclosure.work_calendar import built_in
from services.errors import OpenZoneError
from tests.application_office import KEYS, ApplicationOffice, filing, open_office
from tests.application_transitions import BY_KIND, MAY_FOLLOW

CALENDAR = built_in()
_FIRST = date(2025, 1, 2)
_LETTERS = itertools.count(1)
_SIMPLE = sorted(
    set(BY_KIND) - {
        *(e.Submitted, e.DatesMoved, e.Withdrawn, e.CorrectionAsked, e.ConsultationSent, e.ConsultationDelivered),
        *(e.ConsultationReturned, e.FeeAsked, e.RemedyLodged, e.RemedyDecided, e.RedoOrdered),
    },
    key=lambda kind: kind.__name__,
)  # fmt: skip
"""Kinds of event that need no act of their own."""


class Walk(RuleBasedStateMachine):
    """One case, and a model of it that knows the table of §7.2 and nothing else."""

    runner: asyncio.Runner
    office: ApplicationOffice

    def __init__(self) -> None:
        super().__init__()
        self.today = _FIRST
        self.state = ApplicationState.SUBMITTED
        self.known = 0

    @initialize(day=st.integers(0, 400), confirmed=st.sampled_from([True, True, False]))
    def file(self, day: int, confirmed: bool) -> None:
        self.today = _FIRST + timedelta(day)
        given = filing(self.office, channel=Channel.POST if confirmed else Channel.FAX)
        filed = self._run(
            applications.file(given, keys=KEYS, now=self._now(), actor=self.office.clerk)
        )
        self.application_id = filed.application_id
        self.state = ApplicationState.RECEIVED if confirmed else ApplicationState.SUBMITTED
        self.known = 2 if confirmed else 1

    @rule(days=st.integers(0, 12))
    def time_goes_by(self, days: int) -> None:
        self.today += timedelta(days)
        self._run(refresh(self.today))

    @rule(data=st.data(), back=st.integers(0, 3))
    def something_happens(self, data: st.DataObject, back: int) -> None:
        self._event(data.draw(st.sampled_from(_SIMPLE)), self.today - timedelta(back))

    @rule(good=st.booleans())
    def it_goes_on(self, good: bool) -> None:
        case = self._case()
        following = _NEXT.get(case.state)
        assume(following is not None)
        assert following is not None
        kind = following[good or case.review_passed]
        if kind is e.CorrectionLapsed and case.correction is not None:
            self.today = max(self.today, case.correction.limit_on + timedelta(1))
        if kind is e.FeeLapsed and case.fee is not None:
            self.today = max(self.today, case.fee.pay_by + timedelta(1))
        if kind is e.ReviewPassed and case.review_passed:
            kind = e.Issued
        self._event(kind, self.today, good=good)

    @rule(granted=st.booleans())
    def more_time_is_wanted(self, granted: bool) -> None:
        case = self._case()
        if case.extension_approved is not None:
            kind: type[e.Event] = e.ExtensionTold
        elif case.extension_proposed is not None:
            kind = e.ExtensionApproved if granted else e.ExtensionRefused
        else:
            kind = e.ExtensionProposed
        self._event(kind, self.today)

    def _event(self, kind: type[e.Event], on: date, *, good: bool = True) -> None:
        case = self._case()
        changes: dict[str, Any] = {"on": on}
        if kind is e.SentForReview:
            changes["letter_id"] = next(_LETTERS)
            changes["outcome"] = Outcome.G2_GIVEN if good else Outcome.P1_PARTLY
        elif kind in {e.ReviewPassed, e.ReviewReturned, e.Issued, e.Served}:
            changes["letter_id"] = case.letter_id or 0
            if kind in {e.Issued, e.Served}:
                changes["outcome"] = case.outcome or Outcome.G2_GIVEN
        elif kind is e.Delayed:
            changes["until"] = deadlines.working_days_after(on, 40, CALENDAR)
        elif kind is e.ReasonsGiven:
            changes["reasonable"] = good
        elif kind is e.Assigned:
            changes["staff_id"] = self.office.officer.staff_id
        event = msgspec.structs.replace(BY_KIND[kind], **changes)
        self._does(
            applications.act(
                self.office.head, self.application_id, event, edits=self.known, keys=KEYS,
                now=self._now(), note="写明",
            )
        )  # fmt: skip

    @rule(days=st.integers(4, 31), by_head=st.booleans())
    def correction_is_asked(self, days: int, by_head: bool) -> None:
        self._act(
            acts.ask_correction, "写明名称", days=days, sent_on=self.today, served_on=self.today,
            by_head=by_head,
        )  # fmt: skip

    @rule(party=st.sampled_from(PartyKind))
    def somebody_is_asked(self, party: PartyKind) -> None:
        self._act(acts.consult, party, name="某公司", subject="合同", sent_on=self.today)

    @rule(view=st.sampled_from(PartyView))
    def the_party_has_it_or_answers(self, view: PartyView) -> None:
        waited_for = [one for one in self._case().consultations if one.is_open]
        assume(waited_for)
        one = waited_for[0]
        if one.delivered_on is None:
            self._act(acts.delivered, one.consultation_id, on=self.today)
        else:
            limit = one.limit_on if view is PartyView.SILENT else None
            self._act(acts.returned, one.consultation_id, view, on=limit or self.today)

    @rule(yuan=st.integers(0, 5_500))
    def a_fee_is_asked(self, yuan: int) -> None:
        self._act(acts.ask_fee, Charge(Tariff.BY_PAGE, yuan, yuan), on=self.today)

    @rule(
        kind=st.sampled_from(RemedyKind), result=st.sampled_from(RemedyResult), redo=st.booleans()
    )
    def it_goes_to_court(self, kind: RemedyKind, result: RemedyResult, redo: bool) -> None:
        open_ids = [one.remedy_id for one in self._case().remedies if one.result is None]
        if open_ids:
            by = self.today + timedelta(20) if redo else None
            self._act(acts.decide_remedy, open_ids[0], result, on=self.today, redo_by=by)
        else:
            self._act(acts.lodge_remedy, kind, on=self.today)

    @rule()
    def somebody_acts_on_what_is_no_longer_so(self) -> None:
        began = e.Noted(on=self.today)
        refused = applications.act(
            self.office.officer, self.application_id, began, edits=self.known - 1, keys=KEYS,
            now=self._now(), note="旧页面",
        )  # fmt: skip
        assert not self._succeeds(refused)

    @invariant()
    def it_is_what_its_events_say(self) -> None:
        if not self.known:
            return
        row, case, stored = self._look()
        assert case == rebuild(one.event for one in stored)
        assert row.edits == case.last_position == len(stored) == self.known
        assert [one.position for one in stored] == list(range(1, self.known + 1))
        again = Application(**{name: getattr(row, name) for name in _PLAIN})
        project(again, case, self._run(calendar_for(row.agency_id)), self.today)
        for name in _PROJECTED:
            assert getattr(again, name) == getattr(row, name), name

    @invariant()
    def its_days_are_lawful(self) -> None:
        if not self.known:
            return
        row, case, _ = self._look()
        assert row.state.is_open == (row.closed_on is None) == (row.outcome is None)
        if row.reply_due is not None and case.redo_due is None:
            assert CALENDAR.is_working(row.reply_due)
        if case.runs and case.clock is not None and case.redo_due is None:
            plain = deadlines.working_days_after(
                case.clock.received_on, 20 + case.extension_days, CALENDAR
            )
            assert row.reply_due is None or row.reply_due >= plain

    def _act(self, act: Any, *what: Any, **more: Any) -> None:
        self._does(
            act(
                self.office.head, self.application_id, *what, edits=self.known, keys=KEYS,
                now=self._now(), **more,
            )
        )  # fmt: skip

    def _does(self, doing: Any) -> None:
        """Do something, and look whether the model agrees that it could be done."""
        before = self.state
        succeeded = self._succeeds(doing)
        row, _, stored = self._look()
        happened = [type(one.event) for one in stored[self.known :]]
        assert bool(happened) == succeeded, "all or nothing"
        for kind in happened:
            assert kind in MAY_FOLLOW[before] or kind in _OTHERWISE, (kind, before)
        self.state, self.known = row.state, len(stored)

    def _succeeds(self, doing: Any) -> bool:
        try:
            self._run(doing)
        except OpenZoneError:
            return False
        return True

    def _look(self) -> tuple[Application, Case, list[StoredEvent]]:
        looked: tuple[Application, Case, list[StoredEvent]] = self._run(
            applications.case_of(self.office.officer, self.application_id)
        )
        return looked

    def _case(self) -> Case:
        return self._look()[1]

    def _now(self) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, 1, tzinfo=UTC)

    def _run(self, work: Any) -> Any:
        return self.runner.run(work)


_S = ApplicationState
_NEXT: dict[ApplicationState, tuple[type[e.Event], type[e.Event]]] = {
    _S.SUBMITTED: (e.Received, e.Received),
    _S.RECEIVED: (e.Began, e.Began),
    _S.CORRECTION: (e.CorrectionLapsed, e.CorrectionReceived),
    _S.PROCESSING: (e.SentForReview, e.SentForReview),
    _S.REASONS: (e.ReasonsGiven, e.ReasonsGiven),
    _S.FEE: (e.FeeLapsed, e.FeePaid),
    _S.REVIEW: (e.ReviewReturned, e.ReviewPassed),
    _S.ISSUED: (e.Withdrawn, e.Served),
    _S.REPLIED: (e.Archived, e.CategoryChanged),
    _S.REDO: (e.Began, e.SentForReview),
}
"""How a case goes on in each state: badly, and well."""
_OTHERWISE = {
    *(e.ConsultationDelivered, e.ConsultationReturned, e.ExtensionApproved, e.ExtensionRefused),
    *(e.ExtensionTold, e.Delayed, e.Issued, e.RemedyDecided),
}
"""What needs something to have come before besides the state."""
_PROJECTED = (
    *("state", "is_consulting", "is_extended", "received_on", "first_received_on", "reply_due"),
    *("is_provisional", "next_due_on", "next_due_kind", "outcome", "closed_on", "is_in_time"),
    *("days_used", "archived_on", "archive_number", "assigned_to_id", "correction_ask_due"),
)
_PLAIN = ("applicant_kind", "org_category", "channel", "filed_by")


async def look_back() -> None:
    """Look whether the walks led anywhere, and left every record."""
    kinds = {event.kind for event in await ApplicationEvent.all()}
    assert len(kinds) > 15, kinds
    assert (await audit.verify(KEYS.sealing)).broken_at is None


@pytest.fixture
def walked(tmp_path: Path) -> Iterator[None]:
    with asyncio.Runner() as runner:
        opened = open_office(tmp_path)
        Walk.runner, Walk.office = runner, runner.run(opened.__aenter__())
        try:
            yield
            runner.run(look_back())
        finally:
            runner.run(opened.__aexit__(None, None, None))


def test_a_case_stays_what_its_events_say(walked: None) -> None:
    case = Walk.TestCase()
    case.settings = settings(
        max_examples=10, stateful_step_count=30, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    case.runTest()
