"""The remedy block (救济途径) that every reply must carry, by outcome and office.

Source: 行政复议法 (2023 revision) Articles 20, 22 to 27 and 34; 行政诉讼法 (2017) Articles 44 to 46;
Regulation on Open Government Information (2019 revision), Article 51. A refusal under Articles 14 to
16 asks for a review first (复议法 Article 23(1)(4)), and the agency must say so (Article 23 paragraph
2). That a reply in part gives both is this project's reading: have it confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.disclosure_office import AgencyStanding, DisclosureOffice
from models.outcome import Outcome
from services.disclosure.outcomes import RemedyGroup, law_of


@dataclass(frozen=True)
class RemedyData:
    """Who reviews and who judges the replies of one agency."""

    standing: AgencyStanding
    agency_name: str
    review_body: str
    review_address: str
    review_channel: str
    """The internet channel for filing a review, "" for none (复议法 Article 22)."""
    court: str

    @classmethod
    def of(cls, office: DisclosureOffice, agency_name: str) -> RemedyData:
        """Return what an office has on record."""
        return cls(
            office.standing, agency_name, office.review_body.strip(),
            office.review_address.strip(), office.review_channel.strip(), office.court.strip(),
        )  # fmt: skip


def remedy_group(outcome: Outcome) -> RemedyGroup:
    """Return which way leads to court after an outcome."""
    return law_of(outcome).remedy


def remedy_block(group: RemedyGroup, data: RemedyData) -> str:
    """Return the sentences on review and lawsuit, with the channel for filing a review online.

    Over the internet the channel must be given (复议法 Article 22); on paper it helps.
    """
    review = f"{data.review_body}（地址：{data.review_address}）"
    suit = f"向{data.court}提起行政诉讼"
    sentences = {
        RemedyGroup.REVIEW_FIRST: [_review_first("本决定", review, suit)],
        RemedyGroup.REVIEW_OR_SUIT: [_review_or_suit("本答复", review, suit)],
        RemedyGroup.BOTH: [
            _review_first("本答复中不予公开的部分", review, suit),
            _review_or_suit("本答复的其他部分", review, suit),
        ],
    }[group]
    if data.review_channel:
        sentences.append(f"行政复议申请也可以在网上提交：{data.review_channel}")
    return "\n".join(sentences)


def _review_first(act: str, review: str, suit: str) -> str:
    return (
        f"如不服{act}，依照《中华人民共和国行政复议法》第二十三条的规定，应当先申请行政复议："
        f"可以自收到之日起60日内向{review}申请行政复议；"
        f"对行政复议决定不服的，可以自收到行政复议决定书之日起15日内{suit}。"
    )


def _review_or_suit(act: str, review: str, suit: str) -> str:
    return (
        f"如不服{act}，可以自收到之日起60日内向{review}申请行政复议，"
        f"或者自收到之日起6个月内{suit}。"
    )
