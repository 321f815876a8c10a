"""What is asked after an answer, by its words and on both connections, on the sample zone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.client import connect

from services.follow_up_phrases import Aspect
from services.follow_ups import FollowUp, Kind, article_label, follow_up_in
from services.question_parts import aspects_of, point_of, sentence_that_says, subject_of
from speech.scripted_recognition import ScriptedRecogniser
from tests.doors import Doors, open_doors
from tests.phones_of_citizens import phone_of_citizen
from tests.voice_page import Page, page_of

APPLY = "怎样申请政府信息公开？"
FEES = "申请政府信息公开要收费吗？"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        pytest.param("要带什么", FollowUp(Kind.ASPECT, Aspect.BRING), id="an aspect"),
        pytest.param("那要带什么呢？", FollowUp(Kind.ASPECT, Aspect.BRING), id="between 那 and 呢"),
        pytest.param("要待什么", FollowUp(Kind.ASPECT, Aspect.BRING), id="the same sound"),
        pytest.param("要带啥子", FollowUp(Kind.ASPECT, Aspect.BRING), id="as Chongqing says it"),
        pytest.param("到哪儿办", FollowUp(Kind.ASPECT, Aspect.WHERE), id="where"),
        pytest.param("在哪里板", FollowUp(Kind.ASPECT, Aspect.WHERE), id="where, misheard"),
        pytest.param("多久能办好", FollowUp(Kind.ASPECT, Aspect.HOW_LONG), id="how long"),
        pytest.param("要多少天", FollowUp(Kind.ASPECT, Aspect.HOW_LONG), id="near to 要多少钱"),
        pytest.param("要钱吗", FollowUp(Kind.ASPECT, Aspect.COST), id="what it costs"),
        pytest.param("电话多少", FollowUp(Kind.ASPECT, Aspect.CONTACT), id="the telephone"),
        pytest.param("详细一点", FollowUp(Kind.DETAIL), id="more of it"),
        pytest.param("再祥细点", FollowUp(Kind.DETAIL), id="more of it, misheard"),
        pytest.param("第二条", FollowUp(Kind.ARTICLE, number=2), id="an article"),
        pytest.param("第一二条", FollowUp(Kind.ARTICLE, number=12), id="digit by digit"),
        pytest.param("第४条", None, id="no digit of ours"),
        pytest.param("第四十二条怎么说", FollowUp(Kind.ARTICLE, number=42), id="a later article"),
        pytest.param("第二项", FollowUp(Kind.ITEM, number=2), id="a point"),
        pytest.param("第3个呢", FollowUp(Kind.SHOWN, number=3), id="an answer on the screen"),
        pytest.param("那个呢", FollowUp(Kind.SHOWN, number=2), id="the other one on the screen"),
        pytest.param(
            "那低保呢", FollowUp(Kind.OTHER_SUBJECT, subject="低保"), id="another subject"
        ),
        pytest.param("那为什么呢", None, id="a pronoun is no subject"),
        pytest.param("办身份证要带什么", None, id="it names what it asks about"),
        pytest.param("申请公开要收费吗", None, id="a question of its own"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_what_asks_on_is_known_by_its_sound(said: str, meant: FollowUp | None) -> None:
    assert follow_up_in(said) == meant


@pytest.mark.parametrize(
    ("question", "subject", "aspect"),
    [
        pytest.param(FEES, "申请政府信息公开", Aspect.COST, id="yes or no"),
        pytest.param(APPLY, "申请政府信息公开", Aspect.HOW, id="how first"),
        pytest.param(
            "申请行政复议的期限是多久？", "申请行政复议", Aspect.HOW_LONG, id="a noun of it"
        ),
        pytest.param("专区几点开门，几点下班？", "专区", Aspect.WHEN, id="two clauses"),
        pytest.param("国家秘密可以公开吗？", "国家秘密", None, id="may it be disclosed"),
        pytest.param("什么是政务公开专区？", "政务公开专区", None, id="what is it"),
        pytest.param("要带什么", "", Aspect.BRING, id="nothing is named"),
    ],
)
def test_a_question_is_taken_apart(question: str, subject: str, aspect: Aspect | None) -> None:
    assert subject_of(question) == subject
    assert next(iter(aspects_of(question)), None) is aspect


@pytest.mark.parametrize(
    ("number", "label"),
    [
        (2, "第二条"),
        (10, "第十条"),
        (42, "第四十二条"),
        (103, "第一百零三条"),
        (120, "第一百二十条"),
    ],
)
def test_articles_are_numbered_as_laws_number_them(number: int, label: str) -> None:
    assert article_label(number) == label
    assert follow_up_in(label) == FollowUp(Kind.ARTICLE, number=number)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        pytest.param("（一）身份证；（二）申请表；（三）委托书。", "申请表", id="in brackets"),
        pytest.param("一是公开，二是公正，三是便民。", "公正", id="as people count"),
        pytest.param("1.先查一查 2.填申请表 3.交上来", "填申请表", id="in digits"),
        pytest.param("第2.5节说的是别的。", "", id="a decimal is no point"),
        pytest.param("不收取费用。", "", id="nothing is counted"),
    ],
)
def test_the_second_point_of_an_answer(text: str, point: str) -> None:
    assert point_of(text, 2) == point


@pytest.mark.parametrize(
    ("text", "aspect", "sentence"),
    [
        pytest.param(
            "请到现场。电话：023-00000100。", Aspect.CONTACT, "电话：023-00000100。", id="a number"
        ),
        pytest.param(
            "应当在7个工作日内补正。", Aspect.HOW_LONG, "", id="days, but not until it is done"
        ),
        pytest.param("20个工作日内答复。", Aspect.HOW_LONG, "20个工作日内答复。", id="until then"),
        pytest.param("收费标准由财政部门制定。", Aspect.COST, "", id="not what it costs"),
        pytest.param("查阅免费。", Aspect.COST, "查阅免费。", id="what it costs"),
    ],
)
def test_only_a_sentence_that_says_it_plainly_answers(
    text: str, aspect: Aspect, sentence: str
) -> None:
    assert sentence_that_says(text, aspect) == sentence


CONVERSATIONS = [
    pytest.param(APPLY, "要带什么", "sample-040", id="what to bring"),
    pytest.param(APPLY, "多久能办好", "sample-053", id="how long"),
    pytest.param(APPLY, "要钱吗", "sample-082", id="what it costs"),
    pytest.param(APPLY, "谁可以申请", "sample-035", id="who"),
    pytest.param(APPLY, "那个呢", "sample-035", id="the next on the screen"),
    pytest.param(APPLY, "第三个", "sample-082", id="the third on the screen"),
    pytest.param(APPLY, "第三十五条", "sample-062", id="an article of the regulation"),
    pytest.param(APPLY, "详细一点", "sample-037", id="the same in full"),
    pytest.param(FEES, "怎么申请", "sample-037", id="how"),
    pytest.param(FEES, "那行政复议呢", "sample-091", id="the cost of something else"),
    pytest.param(FEES, "那复印资料呢", "sample-086", id="the cost of a third thing"),
    pytest.param("申请行政复议的期限是多久？", "要交钱吗", "sample-091", id="of a review"),
    pytest.param("申请行政复议的期限是多久？", "在哪里办", "sample-090", id="where to have it"),
    pytest.param("行政复议要交钱吗？", "多久能办好", "sample-092", id="until it is decided"),
    pytest.param("行政复议多久出决定？", "去哪儿办", "sample-090", id="where, said otherwise"),
    pytest.param("专区几点开门，几点下班？", "在哪里", "sample-124", id="where the zone is"),
    pytest.param("专区几点开门，几点下班？", "电话多少", "sample-125", id="its telephone"),
    pytest.param("专区的地址在哪里？", "什么时候开门", "sample-122", id="its hours"),
    pytest.param("专区的电话是多少？", "地址在哪里", "sample-124", id="its address"),
    pytest.param("什么是政务公开专区？", "在哪里", "sample-124", id="after what it is"),
    pytest.param("什么是政务公开专区？", "几点开门", "sample-122", id="hours, after what it is"),
    pytest.param("国家秘密可以公开吗？", "第十五条", "sample-014", id="the next article"),
    pytest.param("国家秘密可以公开吗？", "第二条", "sample-001", id="an article far off"),
    pytest.param("信息处理费是怎么收的？", "第四条", "sample-084", id="of another law"),
    pytest.param(
        "按件计收的信息处理费标准是多少？", "那按量计收的呢", "sample-085", id="the other way"
    ),
    pytest.param(
        "公务员招考信息要公开吗？", "那行政处罚决定呢", "sample-023", id="another sort of paper"
    ),
    pytest.param("政府信息公开年度报告什么时候公布？", "第五十条", "sample-099", id="of reports"),
    pytest.param("政策咨询区提供什么服务？", "那自助查询区呢", "sample-111", id="another area"),
]
NOT_GUESSED = [
    pytest.param("国家秘密可以公开吗？", "要多久", id="nothing says how long a secret takes"),
    pytest.param("图书馆的专区什么时候开放？", "在哪里", id="the address of another place is none"),
    pytest.param("机器会把我说的话录下来吗？", "要钱吗", id="nothing says what being heard costs"),
    pytest.param(
        "第三方要在几天内回复意见？", "那行政机关呢", id="who is asked about is named all over"
    ),
    pytest.param("附近哪家火锅店最好吃", "要钱吗", id="there was no answer before"),
]


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("follow-ups"), ScriptedRecogniser([])) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(doors: Doors) -> Iterator[Page]:
    with page_of(doors) as opened:
        yield opened


def asked_at_kiosk(page: Page, text: str) -> dict[str, Any]:
    page.send(type="ask", text=text)
    return page.receive()


@pytest.mark.parametrize(("question", "then", "entry"), CONVERSATIONS)
def test_it_is_answered_at_the_kiosk(page: Page, question: str, then: str, entry: str) -> None:
    assert asked_at_kiosk(page, question)["decision"] == "answer"
    reply = asked_at_kiosk(page, then)
    assert reply["decision"] == "answer"
    assert reply["answers"][0]["external_id"] == entry
    assert reply["spoken"]


@pytest.mark.parametrize(("question", "then"), NOT_GUESSED)
def test_what_cannot_be_told_is_asked_as_it_was_said(page: Page, question: str, then: str) -> None:
    with connect(page_address(page)) as connection:
        alone = asked_at_kiosk(Page(connection), then)
    asked_at_kiosk(page, question)
    reply = asked_at_kiosk(page, then)
    assert reply["decision"] != "answer"
    assert (reply["transcript"], reply["answers"]) == (then, alone["answers"])


def page_address(page: Page) -> str:
    host, port = page.connection.remote_address[:2]
    return f"ws://{host}:{port}/kiosk/voice"


@pytest.fixture(scope="module")
def phone(doors: Doors) -> Iterator[Any]:
    with phone_of_citizen(doors) as somebody:
        yield somebody


def asked_on_phone(phone: Any, text: str, turn: str = "") -> dict[str, Any]:
    response = phone.client.post("/mp/v1/ask", json={"text": text, "turn": turn})
    assert response.status_code == 200, response.text
    return dict(response.json())


@pytest.mark.parametrize(("question", "then", "entry"), CONVERSATIONS)
def test_it_is_answered_on_a_phone_that_brings_its_turn(
    phone: Any, question: str, then: str, entry: str
) -> None:
    first = asked_on_phone(phone, question)
    assert question not in json.dumps(first["turn"], ensure_ascii=False), "it is sealed"
    reply = asked_on_phone(phone, then, first["turn"])
    assert reply["outcome"] == "answer"
    assert reply["answers"][0]["external_id"] == entry


def test_one_asks_on_and_on(page: Page, phone: Any) -> None:
    course = [("申请行政复议的期限是多久？", 89), ("要交钱吗", 91), ("在哪里办", 90)]
    turn = ""
    for text, entry in course:
        assert asked_at_kiosk(page, text)["answers"][0]["external_id"] == f"sample-{entry:03}"
        reply = asked_on_phone(phone, text, turn)
        assert reply["answers"][0]["external_id"] == f"sample-{entry:03}"
        turn = reply["turn"]


def test_what_was_not_understood_does_not_lose_the_thread(page: Page) -> None:
    asked_at_kiosk(page, "国家秘密可以公开吗？")
    assert asked_at_kiosk(page, "要多久")["decision"] != "answer"
    assert asked_at_kiosk(page, "第十五条")["answers"][0]["external_id"] == "sample-014"


def test_detail_is_the_whole_wording(page: Page) -> None:
    first = asked_at_kiosk(page, FEES)
    full = asked_at_kiosk(page, "详细一点")
    spoken = full["spoken"] + "".join(p["text"] for group in full["more"] for p in group)
    assert full["answers"] == first["answers"]
    assert full["spoken"] != first["spoken"], "not the short form again"
    assert first["answers"][0]["text"][:10] in spoken
