"""How hard a time a soak gives to the delivery of cards, and what must have come of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from miniprogram_api.wechat import apis
from models.delivery import DeliveryState

S = DeliveryState


@dataclass(frozen=True)
class Plan:
    """How much, and by which dice."""

    people: int = 500
    notices: int = 4
    seed: int = 5
    patience_s: float = 900.0

    @property
    def cards(self) -> int:
        """How many cards are owed."""
        return self.people * self.notices


@dataclass
class Report:
    """What a soak came to."""

    states: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    arrived: int = 0
    """Cards that people got."""
    twice: list[str] = field(default_factory=list)
    unaccounted: list[str] = field(default_factory=list)
    """What is told of a card, and what really became of it, where they differ."""
    calls: Counter[str] = field(default_factory=Counter)
    """By path."""
    leaked: int = 0
    """Secrets that stand in the log."""
    pushed: int = 0
    left: int = 0
    """Pushed messages that nobody worked on."""
    too_generous: int = 0
    """People who are believed to allow more than they do."""
    seconds: float = 0.0

    def faults(self, plan: Plan) -> list[str]:
        """Return what must not be."""
        found = [*self.twice, *self.unaccounted]
        if self.rows != plan.cards:
            found.append(f"{self.rows} cards are owed, not {plan.cards}")
        unfinished = self.states[S.QUEUED] + self.states[S.SENDING]
        if unfinished:
            found.append(f"{unfinished} cards are not settled")
        if self.calls[apis.SEND.path] > 2 * self.rows + 50:
            found.append(f"{self.calls[apis.SEND.path]} calls to send {self.rows} cards")
        if self.calls[apis.STABLE_TOKEN.path] > 60 + self.rows // 20:
            found.append(f"{self.calls[apis.STABLE_TOKEN.path]} calls for tokens")
        if self.leaked:
            found.append(f"{self.leaked} secrets stand in the log")
        if self.left:
            found.append(f"{self.left} pushed messages were not worked on")
        if self.too_generous:
            found.append(f"{self.too_generous} people are believed to allow more than they do")
        return found


def faults_of(plan: Plan) -> list[dict[str, Any]]:
    """Return faults of the loopback WeChat: some come by the dice, some once or for the day."""
    send, every = apis.SEND.path, plan.cards
    return [
        {"kind": "errcode", "errcode": -1, "path": send, "probability": 0.06},
        {"kind": "errcode", "errcode": 43108, "path": send, "probability": 0.02},
        {"kind": "lost", "path": send, "probability": 0.02},
        {"kind": "lost", "with_reset": True, "path": send, "probability": 0.01},
        {"kind": "reset", "at": "request", "path": send, "probability": 0.01},
        {"kind": "reset", "at": "body", "path": send, "probability": 0.01},
        {"kind": "malformed", "form": "truncated", "path": send, "probability": 0.01},
        {"kind": "malformed", "form": "html_502", "path": send, "probability": 0.005},
        {"kind": "malformed", "form": "gzip_garbage", "path": send, "probability": 0.005},
        {"kind": "slow", "seconds": 0.3, "path": send, "probability": 0.05},
        {"kind": "slow", "seconds": 6.0, "path": send, "skip": every // 5, "count": 2},
        {"kind": "token_dies", "path": send, "probability": 0.004},
        {"kind": "token_dies", "errcode": 40001, "path": send, "probability": 0.004},
        {"kind": "errcode", "errcode": -1, "path": apis.STABLE_TOKEN.path, "probability": 0.2},
        {"kind": "errcode", "errcode": 45011, "path": send, "skip": every // 4, "count": 1},
        {
            "kind": "errcode", "errcode": 45009, "path": send,
            "skip": every // 2, "until_end_of": "day",
        },
        {"kind": "odd", "drop": ["msgid"], "path": send, "probability": 0.02},
        {"kind": "close_idle", "path": send, "probability": 0.05},
    ]  # fmt: skip
