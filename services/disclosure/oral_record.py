"""An application made by word of mouth (口头申请), as the one who writes it down records it.

Source: Regulation on Open Government Information (2019 revision), Article 29: for whom writing is really
difficult; the office of the agency fills the form in. The applicant confirms what was written.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Confirmation(StrEnum):
    """How the applicant confirmed what was written down and read back."""

    SIGNATURE = "signature"
    FINGERPRINT = "fingerprint"
    WITNESS = "witness"
    """A "yes" in the presence of a witness, who signs."""

    @property
    def label(self) -> str:
        """What forms call it."""
        return {"signature": "签名", "fingerprint": "按指印", "witness": "口头确认，有见证人"}[
            self.value
        ]


class OralRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote it down, why, and how the applicant confirmed it."""

    recorder: str
    unit: str
    """The recorder's unit: the agency's office, or the zone that hands it on to that office."""
    difficulty: str
    """What makes writing difficult, as the applicant stated it."""
    was_read_back: bool
    confirmation: Confirmation | None
    witness: str = ""

    def missing(self) -> dict[str, str]:
        """Return what is missing, a sentence by field: nothing of it may be."""
        found = {
            "recorder": "" if self.recorder.strip() else "请填写记录人姓名。",
            "unit": "" if self.unit.strip() else "请填写记录人单位。",
            "difficulty": "" if self.difficulty.strip() else "请写明申请人说的书写困难。",
            "was_read_back": "" if self.was_read_back else "请向申请人复述全部内容，确认后打勾。",
            "confirmation": "" if self.confirmation else "请选择申请人怎样确认。",
            "witness": "",
        }
        if self.confirmation is Confirmation.WITNESS and not self.witness.strip():
            found["witness"] = "请填写见证人姓名。"
        return {field: sentence for field, sentence in found.items() if sentence}

    def note(self) -> str:
        """Return the record in words, for the log of the case."""
        assert self.confirmation is not None
        witness = f"，见证人：{self.witness}" if self.witness else ""
        return (
            f"口头申请（第二十九条）。记录人：{self.recorder}（{self.unit}）；"
            f"申请人说明的书写困难：{self.difficulty}；已向申请人复述；"
            f"确认方式：{self.confirmation.label}{witness}。"
        )
