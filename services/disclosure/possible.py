"""What can be done next in a case: the events that its state lets follow, whatever their days.

Pages offer these and no others. Whether the days are lawful is asked when something is done.
"""

from __future__ import annotations

from collections.abc import Callable

from models.application import ApplicationState
from models.remedy import RemedyResult
from services.disclosure import events as e
from services.disclosure.case import Case
from services.disclosure.case_order import FROM

_S = ApplicationState
_WHILE: dict[type[e.Event], Callable[[Case], bool]] = {
    e.Assigned: lambda case: case.state is not _S.SUBMITTED,
    e.ContactTried: lambda case: case.state in {_S.SUBMITTED, _S.CORRECTION, _S.ISSUED},
    e.CorrectionAsked: lambda case: case.correction is None and case.redo_due is None,
    e.ConsultationDelivered: lambda case: any(
        one.is_open and one.delivered_on is None for one in case.consultations
    ),
    e.ConsultationReturned: lambda case: any(one.is_open for one in case.consultations),
    e.ExtensionProposed: lambda case: (
        not case.is_extended
        and case.extension_proposed is None
        and case.extension_approved is None
        and case.delayed_until is None
        and case.redo_due is None
    ),
    e.ExtensionApproved: lambda case: case.extension_proposed is not None,
    e.ExtensionRefused: lambda case: case.extension_proposed is not None,
    e.ExtensionTold: lambda case: case.extension_approved is not None,
    e.ReasonsAsked: lambda case: case.reasons_asked_on is None,
    e.Delayed: lambda case: case.reasons_reasonable is True and case.delayed_until is None,
    e.FeeAsked: lambda case: case.fee is None and case.redo_due is None,
    e.ReviewPassed: lambda case: not case.review_passed,
    e.ReviewReturned: lambda case: not case.review_passed,
    e.Issued: lambda case: case.review_passed,
    e.RemedyDecided: lambda case: case.is_in_remedy,
    e.RedoOrdered: lambda case: any(one.result is RemedyResult.CORRECTED for one in case.remedies),
    e.Archived: lambda case: not case.is_in_remedy,
}
"""What has to be so besides the state."""


def possible(case: Case) -> frozenset[type[e.Event]]:
    """Return the kinds of event that may follow in a case."""
    return frozenset(
        kind
        for kind, states in FROM.items()
        if case.state in states and (kind not in _WHILE or _WHILE[kind](case))
    )
