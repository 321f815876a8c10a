"""What a visitor wrote for the staff, before it is kept."""

from __future__ import annotations

from services.errors import Invalid, QuestionTooLong

LONGEST_TEXT = 500
"""Characters that one visitor may leave."""


def require_words(text: str, sentence: str) -> str:
    """Return a text without blanks around it.

    Raises Invalid with the sentence for an empty text, QuestionTooLong above LONGEST_TEXT characters.
    """
    text = text.strip()
    if not text or "\0" in text:
        raise Invalid("Nothing was written.", sentence=sentence)
    if len(text) > LONGEST_TEXT:
        raise QuestionTooLong(
            f"{len(text)} characters were left; {LONGEST_TEXT} are allowed.",
            sentence=f"写得太长了，请不要超过 {LONGEST_TEXT} 个字。",
        )
    return text
