"""People say 老年补贴 and documents say 高龄津贴: both find the same."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from models.staff import Role
from models.venue import Venue, VenueLevel, VenueType
from services.library import Library
from services.wordings import Wordings
from tests.doors import Doors, open_doors
from tests.patience import BUSY
from tests.people import at_the_console, first_venue

SAID = "跑腿银子花不花"
OFFICIAL = "申请政府信息公开要收费吗"


@pytest.mark.parametrize(
    ("text", "official"),
    [
        pytest.param("老年补贴怎么领", "高龄津贴怎么领", id="a word is put officially"),
        pytest.param("老年補貼怎么领", "高龄津贴怎么领", id="in traditional characters too"),
        pytest.param("高龄津贴怎么领", None, id="an official term stays"),
        pytest.param("公积金怎么取", "住房公积金怎么取", id="a term may contain the word"),
        pytest.param("住房公积金怎么取", None, id="and is not made longer where it stands"),
        pytest.param("老年补贴卡丢了", "敬老卡丢了", id="the longest word counts"),
        pytest.param("甲说法", "乙说法", id="what was put in is not replaced again"),
        pytest.param("今天天气怎么样", None, id="nothing to put officially"),
        pytest.param("", None, id="nothing at all"),
    ],
)
def test_everyday_words_are_put_officially(text: str, official: str | None) -> None:
    wordings = Wordings(
        [
            ("老年补贴", "高龄津贴"), ("老年补贴卡", "敬老卡"), ("公积金", "住房公积金"),
            ("甲说法", "乙说法"), ("乙说法", "甲说法"),
        ]
    )  # fmt: skip
    assert wordings.official(text) == official


def test_questions_without_a_synonym_cost_nothing() -> None:
    wordings = Wordings((f"口语{n}说法", f"规范{n}名称") for n in range(2_000))
    began = time.perf_counter()
    for _ in range(200):
        assert wordings.official("申请公开政府信息以后多少天答复") is None
    assert (time.perf_counter() - began) / 200 < 0.001 * BUSY


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("synonyms")) as opened:
        yield opened


def asked(doors: Doors, text: str) -> dict[str, object]:
    with doors.client() as client:
        reply: dict[str, object] = client.post("/api/v1/ask", json={"text": text}).json()
    return reply


def test_a_synonym_kept_by_a_clerk_counts_within_two_seconds_and_is_gone_as_fast(
    doors: Doors,
) -> None:
    assert asked(doors, SAID)["decision"] == "handoff"
    with at_the_console(doors, Role.CLERK) as clerk:
        sent = clerk.sends("/console/synonyms", everyday=SAID, official=OFFICIAL)
        assert sent.status_code == 303
        began = time.monotonic()
        while (reply := asked(doors, SAID))["decision"] != "answer":
            assert time.monotonic() - began < 2 * BUSY
        assert reply["transcript"] == SAID, "what was said stays what was said"
        with doors.client() as client:
            hits = client.get("/api/v1/search", params={"q": SAID}).json()["hits"]
        assert "收费" in hits[0]["title"]
        page = clerk.sees("/console/synonyms")
        number = page.split("/console/synonyms/")[1].split("/")[0]
        assert clerk.sends(f"/console/synonyms/{number}/remove").status_code == 303
        began = time.monotonic()
        while asked(doors, SAID)["decision"] != "handoff":
            assert time.monotonic() - began < 2 * BUSY
        assert clerk.sends(f"/console/synonyms/{number}/remove").status_code == 404


def test_what_would_make_a_chain_or_is_there_already_is_refused(doors: Doors) -> None:
    with at_the_console(doors, Role.CLERK) as clerk:

        def adds(everyday: str, official: str) -> int:
            return clerk.sends(
                "/console/synonyms", everyday=everyday, official=official
            ).status_code

        assert adds("低保", "最低生活保障") == 303
        assert adds("低保", "最低生活保障金") == 422, "it is there already"
        assert adds("吃低保", "低保") == 422, "a chain"
        assert adds("最低生活保障", "低保") == 422, "a loop"
        assert adds("最低生活保障", "社会救助") == 422, "a chain from the other end"
        assert adds("残补", "残补") == 422
        assert adds("车", "车辆") == 422, "one character stands in too many words"


def test_only_those_who_keep_what_counts_for_all_may_change_synonyms(doors: Doors) -> None:
    async def below(parent: int) -> int:
        return (
            await Venue.create(
                code="town", place="某镇便民服务中心", type=VenueType.SERVICE_HALL,
                level=VenueLevel.TOWN, parent_id=parent,
            )
        ).id  # fmt: skip

    town = doors.run(below(first_venue(doors)))
    with at_the_console(doors, Role.CLERK, venues=[town]) as clerk:
        assert "只能查看" in clerk.sees("/console/synonyms")
        sent = clerk.sends("/console/synonyms", everyday="路灯坏了", official="路灯报修")
        assert sent.status_code == 403
    with at_the_console(doors, Role.SUPERVISOR) as supervisor:
        assert supervisor.looks("/console/synonyms") == 403


def test_a_question_of_another_process_finds_the_synonyms_at_its_start(doors: Doors) -> None:
    with at_the_console(doors, Role.CLERK) as clerk:
        clerk.sends("/console/synonyms", everyday="跑腿钱", official="邮寄费")

    async def opened_again() -> str | None:
        library = await Library.open(doors.context.parts.settings.index_dir)
        return library._wordings.official("跑腿钱谁出")

    assert doors.run(opened_again()) == "邮寄费谁出"
