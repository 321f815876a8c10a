"""The embedded index: a projection of the library that can be thrown away and made again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy
from filelock import FileLock

from search.entry import NOTHING, Entry, EntryKind, Revision
from search.finding import Finder, View
from search.normalization import normalize
from search.schema import (
    KEPT,
    PASSAGE_FIELDS,
    QUESTION_FIELDS,
    VERSION,
    build_schema,
    field_values,
    normalized,
    register_tokenizers,
)

_WRITER_BYTES = 64_000_000
_REVISION_OWNER = "revision"


class Batch:
    """What is replaced in one go."""

    def __init__(
        self, writer: tantivy.IndexWriter, document: Callable[[Entry], tantivy.Document]
    ) -> None:
        self._writer = writer
        self._document = document

    def replace(self, owners: Iterable[str], entries: Iterable[Entry]) -> None:
        """Drop all entries of these owners, and take these instead."""
        for owner in owners:
            self._writer.delete_documents_by_term("owner", owner)
        for entry in entries:
            self._writer.add_document(self._document(entry))


class Overtaken(Exception):
    """Another process has written since; what was about to be written may be older."""


class SearchIndex:
    """An index in a folder, shared by one writer at a time and any number of readers."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / f"v{VERSION}"
        self._lock = FileLock(f"{directory}.lock")
        self._schema = build_schema()
        self._directory.mkdir(parents=True, exist_ok=True)
        with self._lock:
            self._index = self._open()
        self._look_again()

    def _open(self) -> tantivy.Index:
        try:
            index = tantivy.Index(self._schema, path=str(self._directory))
        except ValueError:
            # A folder that is no index, or one cut off while it was made: it holds nothing of
            # its own, so it is made again from the database.
            shutil.rmtree(self._directory)
            self._directory.mkdir(parents=True)
            index = tantivy.Index(self._schema, path=str(self._directory))
        register_tokenizers(index)
        return index

    def _look_again(self) -> None:
        """Read what was committed last, by this process or another."""
        self._index.reload()
        searcher = self._index.searcher()
        self._view = View.of(searcher, self._stored_revision(searcher))

    def _stored_revision(self, searcher: tantivy.Searcher) -> Revision:
        query = tantivy.Query.term_query(self._schema, "owner", _REVISION_OWNER)
        hits = searcher.search(query, limit=1).hits
        if not hits:
            return NOTHING
        return Revision.read(str(searcher.doc(hits[0][1]).get_first("payload")))

    @property
    def revision(self) -> Revision:
        """The revision of the database that this reader sees."""
        return self._view.revision

    def __len__(self) -> int:
        """Return how many entries can be found."""
        view = self._view
        return max(0, view.searcher.num_docs - (view.revision != NOTHING))

    def refresh(self) -> Revision:
        """See what others committed since, and return its revision."""
        self._look_again()
        return self._view.revision

    @contextmanager
    def writing(
        self, revision: Revision, *, after: Revision | None = None, fresh: bool = False
    ) -> Iterator[Batch]:
        """Replace entries and note the revision, all or nothing.

        Waits for another writer. A kill at any moment leaves the state before or after. With
        fresh, everything there was is dropped; readers see the old state until the end. Raises
        Overtaken where the folder is not at the revision that it should come after.
        """
        with self._lock:
            if after is not None:
                self._look_again()
                if self._view.revision != after:
                    raise Overtaken
            writer = self._index.writer(_WRITER_BYTES, num_threads=1)
            try:
                # A writer that was killed before it committed leaves files whose names come again.
                writer.garbage_collect_files()
                if fresh:
                    writer.delete_all_documents()
                yield Batch(writer, self._document)
                writer.delete_documents_by_term("owner", _REVISION_OWNER)
                marker = {"owner": _REVISION_OWNER, "payload": revision.written()}
                writer.add_document(tantivy.Document.from_dict(marker, self._schema))
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
            finally:
                writer.wait_merging_threads()
        self._look_again()

    def _document(self, entry: Entry) -> tantivy.Document:
        wording, context = normalize(entry.wording), normalize(entry.context)
        values: dict[str, str | list[str]] = {
            "owner": entry.owner,
            "kind": entry.kind.value,
            "wording": wording,
            "context": context,
            "payload": entry.payload,
        }
        if entry.kind is EntryKind.QUESTION:
            values |= field_values(QUESTION_FIELDS, wording)
        values |= field_values(PASSAGE_FIELDS, normalized(context, wording))
        if entry.number is not None:
            values["number"] = entry.number.short_key
        if entry.keeper:
            values["keeper"] = [KEPT, entry.keeper]
        return tantivy.Document.from_dict(values, self._schema)

    def within(self, keepers: frozenset[str] | None) -> Finder:
        """Return what finds the entries of everybody and of these keepers, None for all keepers.

        It goes on seeing the state that is committed now.
        """
        return Finder(self._view, self._schema, keepers)
