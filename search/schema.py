"""What the Tantivy index keeps of each entry, and how it cuts text into terms."""

from __future__ import annotations

from itertools import pairwise

import tantivy

from search.normalization import compact, normalize
from search.phonetic import sound_key
from search.words import cut

VERSION = 2
"""Raised whenever an index made before could no longer be read as it is meant."""

KEPT = "kept"
"""Stands in the field keeper of every entry that somebody keeps, beside who that is."""

PAIRS = "pairs"
"""The tokeniser that cuts characters, or sounds, into overlapping pairs."""
SPACED = "spaced"
"""The tokeniser for words that are cut already."""

QUESTION_FIELDS = ("question_characters", "question_words", "question_sounds")
PASSAGE_FIELDS = ("passage_characters", "passage_words", "passage_sounds")


def build_schema() -> tantivy.Schema:
    """Return the fields of one entry."""
    builder = tantivy.SchemaBuilder()
    for field in ("owner", "number", "keeper"):
        builder.add_text_field(field, stored=False, tokenizer_name="raw", index_option="basic")
    for field in (*QUESTION_FIELDS, *PASSAGE_FIELDS):
        spaced = field.endswith("words")
        builder.add_text_field(
            field, stored=False, tokenizer_name=SPACED if spaced else PAIRS, index_option="freq"
        )
    for field in ("kind", "wording", "context", "payload"):
        builder.add_text_field(field, stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def register_tokenizers(index: tantivy.Index) -> None:
    """Teach an opened index the tokenisers that its fields name."""
    pairs = tantivy.Tokenizer.ngram(min_gram=2, max_gram=2, prefix_only=False)
    index.register_tokenizer(PAIRS, tantivy.TextAnalyzerBuilder(pairs).build())
    spaced = tantivy.Tokenizer.whitespace()
    index.register_tokenizer(SPACED, tantivy.TextAnalyzerBuilder(spaced).build())


def field_values(fields: tuple[str, str, str], text: str) -> dict[str, str]:
    """Return the characters, words and sounds of a normalized text for its three fields."""
    characters = compact(text)
    return dict(zip(fields, (characters, " ".join(cut(text)), sound_key(characters)), strict=True))


def pairs_of(characters: str) -> list[str]:
    """Return the overlapping pairs of a text as the index cuts them, each once."""
    return list(dict.fromkeys(map("".join, pairwise(characters))))


def normalized(*texts: str) -> str:
    """Return texts in one spelling, one a line."""
    return normalize("\n".join(text for text in texts if text))
