"""How an application can end. What the law says of each is in services/disclosure/outcomes.py."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """An outcome (处理结果), named as the specification numbers it."""

    G1_ALREADY_PUBLIC = "G1"
    G2_GIVEN = "G2"
    P1_PARTLY = "P1"
    D1_STATE_SECRET = "D1"
    D2_FORBIDDEN_BY_LAW = "D2"
    D3_SAFETY_AND_STABILITY = "D3"
    D4_THIRD_PARTY = "D4"
    D5_INTERNAL_AFFAIRS = "D5"
    D6_PROCESS = "D6"
    D7_ENFORCEMENT_FILE = "D7"
    D8_OWN_INQUIRY_REGIME = "D8"
    U1_DOES_NOT_EXIST = "U1"
    U2_NOT_OURS = "U2"
    U3_WOULD_HAVE_TO_BE_MADE = "U3"
    U4_STILL_UNCLEAR = "U4"
    N1_PETITION = "N1"
    N2_REPEATED = "N2"
    N3_PUBLICATION = "N3"
    N4_EXCESSIVE = "N4"
    N5_CONFIRMATION = "N5"
    O1_NOT_CORRECTED = "O1"
    O2_NOT_PAID = "O2"
    O3_OTHER = "O3"
