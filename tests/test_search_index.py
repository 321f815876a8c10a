"""The index on real files: all or nothing, shared by processes, made again when spoilt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from search.document_number import find_numbers
from search.entry import NOTHING, Entry, EntryKind, Revision
from search.index import SearchIndex

QUESTIONS = {
    "1": "高龄津贴每个月多少钱？",
    "2": "怎样申请政府信息公开？",
    "3": "居住证怎么办理？",
}


def entry(row: str, wording: str) -> Entry:
    return Entry(f"question:{row}", EntryKind.QUESTION, wording, "答案在这里。", row)


def filled(directory: Path, revision: int = 3) -> SearchIndex:
    index = SearchIndex(directory)
    with index.writing(Revision("here", revision)) as batch:
        batch.replace([], [entry(row, wording) for row, wording in QUESTIONS.items()])
    return index


def found(index: SearchIndex, text: str) -> list[str]:
    return [candidate.payload for candidate in index.within(None).questions(text, 3)]


@pytest.mark.parametrize(
    ("asked", "row"),
    [
        pytest.param("高龄津贴", "1", id="by its words"),
        pytest.param("高灵经贴多少", "1", id="misheard, by its sound"),
        pytest.param("居驻证", "3", id="a wrong character"),
    ],
)
def test_a_question_is_found(tmp_path: Path, asked: str, row: str) -> None:
    assert found(filled(tmp_path / "index"), asked)[0] == row


def test_a_passage_is_found_by_what_may_have_been_said_instead(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "index")
    passages = {"1": "灵活就业人员按月缴费。", "2": "凭卡享受医疗待遇。"}
    with index.writing(Revision("here", 3)) as batch:
        batch.replace(
            [], [Entry(row, EntryKind.PASSAGE, text, "", row) for row, text in passages.items()]
        )
    finder = index.within(None)
    assert finder.passages("疫调", 3) == []
    (found,) = finder.near_passages("疫调", 3, ["医疗"])
    assert (found[0].payload, found[1]) == ("2", 1.0)
    both = finder.near_passages("疫调按月缴费", 3, ["医疗"])
    assert [one.payload for one, _ in both] == ["1", "2"]
    assert both[0][1] == 1.0 > both[1][1] > 0.0
    assert dict(finder.written_after("医")) == {"疗": 1}
    assert finder.written_after("没") == []


def test_what_a_killed_writer_left_behind_is_in_nobodys_way(tmp_path: Path) -> None:
    index = filled(tmp_path / "index")
    folder = next(p.parent for p in (tmp_path / "index").rglob("meta.json"))
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    change(index)
    # As if the power went before the last file, which makes the others count, was written.
    for name in before.keys() - {".managed.json"}:
        (folder / name).write_bytes(before[name])
    assert list(folder.glob("*.del"))
    opened = SearchIndex(tmp_path / "index")
    assert opened.revision == Revision("here", 3)
    change(opened)
    assert (len(opened), opened.revision) == (3, Revision("here", 4))


def change(index: SearchIndex) -> None:
    with index.writing(Revision("here", 4)) as batch:
        batch.replace(["question:3"], [entry("3", "暂住证在哪里领取？")])


def test_a_changed_row_replaces_all_its_entries(tmp_path: Path) -> None:
    index = filled(tmp_path / "index")
    change(index)
    wordings = [
        candidate.wording for candidate in index.within(None).questions("居住证怎么办理", 3)
    ]
    assert "暂住证在哪里领取?" in wordings
    assert "居住证怎么办理?" not in wordings
    assert (len(index), index.revision) == (3, Revision("here", 4))


def test_a_failed_write_changes_nothing(tmp_path: Path) -> None:
    index = filled(tmp_path / "index")
    with pytest.raises(KeyError), index.writing(Revision("here", 9), fresh=True) as batch:
        batch.replace([], [entry("4", "新的问题")])
        raise KeyError("the database went away")
    assert (len(index), index.refresh()) == (3, Revision("here", 3))
    assert found(index, "居住证")[0] == "3"


def test_another_reader_sees_what_was_committed(tmp_path: Path) -> None:
    reader = SearchIndex(tmp_path / "index")
    assert (len(reader), reader.revision) == (0, NOTHING)
    filled(tmp_path / "index")
    assert reader.refresh() == Revision("here", 3)
    assert found(reader, "居住证")[0] == "3"


def test_a_spoilt_index_is_made_anew(tmp_path: Path) -> None:
    filled(tmp_path / "index")
    for file in (tmp_path / "index").rglob("meta.json"):
        file.write_text("{", encoding="utf-8")
    assert SearchIndex(tmp_path / "index").revision == NOTHING


def test_a_number_is_found_in_any_writing(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "index")
    number = find_numbers("渝府办发〔2021〕100号")[0]
    notice = Entry("document:1", EntryKind.DOCUMENT, "关于建设专区的通知", "", "notice", number)
    with index.writing(Revision("here", 1)) as batch:
        batch.replace([], [notice])
    for typed in ("[2021]100", "二零二一年一百号", "渝府办发2021 100号"):
        heads = index.within(None).documents_numbered(find_numbers(typed)[0])
        assert [head.payload for head in heads] == ["notice"]


_KILLED_WRITER = """
import sys
from pathlib import Path
from search.entry import Entry, EntryKind, Revision
from search.index import SearchIndex
index = SearchIndex(Path(sys.argv[1]))
with index.writing(Revision("here", 99), fresh=True) as batch:
    batch.replace([], [Entry("question:9", EntryKind.QUESTION, "半途而废", "", "9")] * 2000)
    print("writing", flush=True)
    sys.stdin.read()
"""


def test_a_writer_killed_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    filled(tmp_path / "index")
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED_WRITER, str(tmp_path / "index")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        text=True,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        os.kill(writer.pid, signal.SIGKILL)
    index = SearchIndex(tmp_path / "index")
    assert (len(index), index.revision) == (3, Revision("here", 3))
    with index.writing(Revision("here", 4)) as batch:
        batch.replace([], [entry("4", "新的问题在这里")])
    assert found(index, "新的问题")[0] == "4"


@pytest.mark.parametrize(
    "text", ["", "？？？", "a", "的", "😀", "\x00", '(AND OR NOT)*:^~"', "长" * 5000]
)
def test_no_question_breaks_it(tmp_path: Path, text: str) -> None:
    index = filled(tmp_path / "index")
    assert len(index.within(None).questions(text, 5)) <= 3
    assert len(index.within(None).passages(text, 5)) <= 5
