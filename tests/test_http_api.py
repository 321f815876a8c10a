"""The public API through a real server: questions, searches, documents, and bad input."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from models.agency import Agency
from models.venue import Venue
from tests.doors import Doors, open_doors

QUESTION = "申请政府信息公开要收费吗？"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("api")) as opened:
        opened.run(_agency())
        yield opened


async def _agency() -> None:
    """Let the zone take applications for an agency, as the examples have it."""
    venue = await Venue.all().order_by("id").first()
    assert venue is not None
    await venue.accepts_for.add(await Agency.create(id=1, name="示例区住房和城乡建设委员会"))


@pytest.fixture
def client(doors: Doors) -> Iterator[httpx.Client]:
    with doors.client() as opened:
        yield opened


def problem_of(response: httpx.Response) -> dict[str, object]:
    """Return a problem after checking what every problem must have."""
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["type"].endswith(problem["code"])
    assert problem["request_id"] == response.headers["x-request-id"]
    assert problem["sentence"].endswith(("。", "！"))
    assert problem["title"]
    return dict(problem)


def test_a_question_is_answered_with_its_source(client: httpx.Client) -> None:
    reply = client.post("/api/v1/ask", json={"text": QUESTION}).raise_for_status().json()
    assert reply["transcript"] == QUESTION
    assert reply["decision"] == "answer"
    answer = reply["answers"][0]
    assert "不收取费用" in answer["text"]
    assert answer["source"]["article"].startswith("第四十二条")
    assert answer["source"]["validity"] == "现行有效"
    assert 0 < len(reply["spoken"]) <= 60
    assert reply["timings_ms"]["answering"] > 0


def test_a_near_miss_is_handed_to_people(client: httpx.Client) -> None:
    reply = client.post("/api/v1/ask", json={"text": "公积金怎么提取"}).json()
    assert reply["decision"] == "handoff"
    assert reply["answers"] == []


def test_a_search_gives_as_many_as_asked_for(client: httpx.Client) -> None:
    hits = client.get("/api/v1/search", params={"q": "信息公开", "limit": "3"}).json()["hits"]
    assert len(hits) == 3
    assert [hit["score"] for hit in hits] == sorted((h["score"] for h in hits), reverse=True)


def test_a_document_is_found_by_id_and_read_in_order(client: httpx.Client) -> None:
    shown = client.get("/api/v1/documents/1").raise_for_status().json()
    assert shown["id"] == 1
    assert shown["title"]
    assert [p["position"] for p in shown["paragraphs"]] == list(range(len(shown["paragraphs"])))


@pytest.mark.parametrize(
    "wanted", ["999999", "没有这份", "99999999999999999999", "a'; DROP TABLE x"]
)
def test_a_document_that_is_not_there_is_a_clear_problem(client: httpx.Client, wanted: str) -> None:
    response = client.get(
        f"/api/v1/documents/{httpx.URL('http://x/' + wanted).raw_path[1:].decode()}"
    )
    assert response.status_code == 404
    assert problem_of(response)["code"] == "not_found"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param(b"", 400, "malformed", id="nothing"),
        pytest.param(b"{", 400, "malformed", id="half an object"),
        pytest.param(b'{"text": "\xff\xfe"}', 400, "malformed", id="invalid UTF-8"),
        pytest.param(b'{"text": "\\ud800"}', 400, "malformed", id="half a character"),
        pytest.param(b"[1]", 422, "invalid", id="a list"),
        pytest.param(b'"text"', 422, "invalid", id="a string"),
        pytest.param(b"{}", 422, "invalid", id="no text"),
        pytest.param(b'{"text": 5}', 422, "invalid", id="a number for a text"),
        pytest.param(b'{"text": null}', 422, "invalid", id="null for a text"),
        pytest.param(b'{"text": "a", "x": 1}', 422, "invalid", id="an unknown field"),
        pytest.param(b'{"text": ""}', 422, "invalid", id="an empty text"),
        pytest.param(b'{"text": "  \\n "}', 422, "invalid", id="blanks only"),
        pytest.param(
            json.dumps({"text": "问" * 2001}).encode(), 422, "question_too_long", id="long"
        ),
        pytest.param(
            json.dumps({"text": "问" * 100_000}).encode(), 413, "too_large", id="too large"
        ),
        pytest.param(b"[" * 60_000, 422, "invalid", id="very deep"),
    ],
)
def test_bad_bodies_are_clear_problems(
    client: httpx.Client, body: bytes, status: int, code: str
) -> None:
    response = client.post("/api/v1/ask", content=body)
    assert response.status_code == status, response.text
    assert problem_of(response)["code"] == code


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("申请\u0000公开", id="a NUL"),
        pytest.param("\u0007\u001b[31m公开", id="control characters"),
        pytest.param("🏠👨‍👩‍👧 公租房", id="emoji"),
        pytest.param("'; DROP TABLE document; --", id="SQL"),
        pytest.param("<script>alert(1)</script>", id="HTML"),
        pytest.param('AND OR NOT (title:"公开" +-^~*', id="search syntax"),
        pytest.param("𠮷野家在哪里", id="rare characters"),
        pytest.param("？" * 50 + "问", id="marks"),
    ],
)
def test_odd_texts_are_answered_or_refused_and_nothing_breaks(
    client: httpx.Client, text: str
) -> None:
    response = client.post("/api/v1/ask", json={"text": text})
    assert response.status_code in {200, 422}, response.text
    if response.status_code == 200:
        assert response.json()["decision"] in {"answer", "clarify", "handoff"}
    else:
        problem_of(response)


@pytest.mark.parametrize("limit", ["0", "101", "-1", "ten", "1.5", "９", "9" * 5000])
def test_a_limit_that_cannot_be_is_refused(client: httpx.Client, limit: str) -> None:
    response = client.get("/api/v1/search", params={"q": "公开", "limit": limit})
    assert response.status_code == 422
    assert problem_of(response)["sentence"] == "条数应为 1 到 100 的数字。"


def test_a_search_for_nothing_is_refused(client: httpx.Client) -> None:
    assert client.get("/api/v1/search").status_code == 422


def test_an_unknown_address_and_a_wrong_method_are_problems(client: httpx.Client) -> None:
    assert problem_of(client.get("/api/v1/nothing"))["code"] == "not_found"
    wrong = client.get("/api/v1/ask")
    assert problem_of(wrong)["code"] == "method_not_allowed"
    assert wrong.headers["allow"] == "POST"


def test_a_browser_gets_a_page_instead_of_json(client: httpx.Client) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    response = client.get("/nothing-here", headers={"Accept": accept})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "返回首页" in response.text


def test_the_openapi_document_describes_what_really_happens(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    number = code = ""
    for path, methods in described["paths"].items():
        if path.startswith("/mp/"):
            continue  # tests/test_mp_doors.py, by somebody who signed in.
        for method, operation in methods.items():
            assert operation["summary"]
            example = operation.get("requestBody", {}).get("content", {})
            body = example.get("application/json", {}).get("example")
            query, headers = (
                {
                    p["name"]: p["example"]
                    for p in operation.get("parameters", [])
                    if p["in"] == place
                }
                for place in ("query", "header")
            )
            if body is not None and "query_code" in body:
                body = body | {"query_code": code}
            # What was left by one operation is looked up by the next.
            address = path.replace("{id}", "1").replace("{code}", "zone")
            address = address.replace("{number}", number)
            response = client.request(method, address, json=body, params=query, headers=headers)
            success = next(iter(operation["responses"]))
            assert response.status_code == int(success), (path, response.text)
            promised = operation["responses"][success]["content"]["application/json"]["example"]
            assert set(response.json()) == set(promised), path
            number = response.json().get("number", number)
            code = response.json().get("query_code", code)


def test_the_documentation_page_needs_nothing_from_elsewhere(client: httpx.Client) -> None:
    page = client.get("/docs").raise_for_status()
    assert "/api/v1/ask" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
