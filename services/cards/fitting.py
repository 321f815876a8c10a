"""A text made to fit a field: never left to WeChat, which refuses what is too long."""

from __future__ import annotations

import unicodedata

from services.cards.fields import (
    LONGEST_THING,
    Field,
    is_chinese,
    is_control_character,
    units,
)

_CUT = "…"
_LONGEST = {"thing": LONGEST_THING, "short_thing": 5}
_AS_THEY_ARE = {
    *("number", "letter", "symbol", "time", "date", "amount", "phone_number", "car_number"),
    *("enum", "enum_string", "const", "phrase"),
}
"""What means something else, or nothing, once it is cut."""


def fitted(field: Field, text: str) -> str:
    """Return a text in one line, cut to what a field takes, with … where something is left out.

    Numbers, days, phrases and the like stay as they are: whatever is wrong with those, fault_in tells.
    """
    line = _in_one_line(text)
    if field.choices or field.type in _AS_THEY_ARE:
        return line
    if field.type == "character_string":
        return "".join(character for character in line if " " <= character <= "~")[:32].strip()
    if field.type == "name":
        line = "".join(character for character in line if not character.isdigit())
        return _cut(line, 10 if any(map(is_chinese, line)) or units(line) > 20 else 20)
    return _cut(line, _LONGEST.get(field.type, LONGEST_THING))


def _in_one_line(text: str) -> str:
    shown = (" " if is_control_character(character) else character for character in text)
    return " ".join("".join(shown).split())


def _cut(line: str, longest: int) -> str:
    if units(line) <= longest:
        return line
    kept, room = 0, longest - units(_CUT)
    for character in line:
        room -= units(character)
        if room < 0:
            break
        kept += 1
    # What belongs to the character before it is not torn off: marks, and joined pictures.
    while kept and (unicodedata.combining(line[kept]) or "\ufe0f" == line[kept]):
        kept -= 1
    return line[:kept].rstrip(" \u200d") + _CUT
