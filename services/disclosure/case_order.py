"""In which states of a case each event is possible at all (§7.2)."""

from __future__ import annotations

from models.application import ApplicationState
from services.disclosure import events as e

_S = ApplicationState
_OPEN = frozenset(state for state in _S if state.is_open)
_AT_WORK = frozenset({_S.RECEIVED, _S.PROCESSING, _S.REDO})
_CLOSED_UNARCHIVED = frozenset(
    {_S.REPLIED, _S.ABANDONED_CORRECTION, _S.ABANDONED_FEE, _S.WITHDRAWN}
)
_EVERY = frozenset(_S)

FROM: dict[type[e.Event], frozenset[ApplicationState]] = {
    e.Submitted: frozenset(),
    e.ContactTried: _OPEN,
    e.Received: frozenset({_S.SUBMITTED}),
    e.Assigned: _OPEN,
    e.Began: frozenset({_S.RECEIVED, _S.REDO}),
    e.Searched: _AT_WORK | {_S.REASONS, _S.REVIEW},
    e.CorrectionAsked: frozenset({_S.RECEIVED, _S.PROCESSING}),
    e.CorrectionReceived: frozenset({_S.CORRECTION, _S.ABANDONED_CORRECTION}),
    e.CorrectionLapsed: frozenset({_S.CORRECTION}),
    e.ConsultationSent: _AT_WORK,
    e.ConsultationDelivered: _OPEN,
    e.ConsultationReturned: _OPEN,
    e.ExtensionProposed: _AT_WORK - {_S.REDO} | {_S.REASONS, _S.REVIEW},
    e.ExtensionRefused: _AT_WORK - {_S.REDO} | {_S.REASONS, _S.REVIEW},
    e.ExtensionApproved: _AT_WORK - {_S.REDO} | {_S.REASONS, _S.REVIEW},
    e.ExtensionTold: _AT_WORK - {_S.REDO} | {_S.REASONS, _S.REVIEW},
    e.ReasonsAsked: frozenset({_S.RECEIVED, _S.PROCESSING}),
    e.ReasonsGiven: frozenset({_S.REASONS}),
    e.Delayed: frozenset({_S.RECEIVED, _S.PROCESSING, _S.REVIEW}),
    e.FeeAsked: frozenset({_S.RECEIVED, _S.PROCESSING}),
    e.FeePaid: frozenset({_S.FEE}),
    e.FeeLapsed: frozenset({_S.FEE}),
    e.SentForReview: _AT_WORK | {_S.REASONS},
    e.ReviewReturned: frozenset({_S.REVIEW}),
    e.ReviewPassed: frozenset({_S.REVIEW}),
    e.Issued: frozenset({_S.REVIEW}),
    e.Served: frozenset({_S.ISSUED}),
    e.Withdrawn: _OPEN,
    e.CategoryChanged: _EVERY,
    e.RemedyLodged: _EVERY - {_S.SUBMITTED},
    e.RemedyDecided: _EVERY - {_S.SUBMITTED},
    e.RedoOrdered: _CLOSED_UNARCHIVED - {_S.WITHDRAWN} | {_S.ARCHIVED},
    e.Archived: _CLOSED_UNARCHIVED,
    e.DatesMoved: _EVERY,
    e.Noted: _EVERY,
}
"""The states in which each event is possible."""
