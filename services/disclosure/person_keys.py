"""How somebody is written so that they are found again however it was typed: blanks, dots, full width.

What comes out is hashed with a key and never kept itself.
"""

from __future__ import annotations

import re
import unicodedata

from services.disclosure.request import Agent, Person

LAST = 4
"""Characters of an identity number or phone that are a second fact besides the query code."""
_DOTS = re.compile(r"\s*[·•‧・∙⋅．.]\s*")
_SHORTEST_NAME = 2
"""A name of one character stands in every other word."""
_SHORTEST_NUMBER = 5


def name_key(name: str) -> str:
    """Return a name as it is hashed, "" for none."""
    plain = _plain_name(name)
    return f"applicant name {plain}" if plain else ""


def identity_key(number: str) -> str:
    """Return the number of a document as it is hashed, "" for none."""
    plain = _letters_and_digits(number)
    return f"applicant identity {plain}" if plain else ""


def phone_key(phone: str) -> str:
    """Return a telephone number as it is hashed, with or without the country's code."""
    plain = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    plain = re.sub(r"^(?:00)?86(?=1\d{10}$)", "", plain)
    return f"applicant phone {plain}" if plain else ""


def last(fact: str) -> str:
    """Return the last four characters of a number, "" where there are fewer."""
    plain = _letters_and_digits(fact)
    return plain[-LAST:] if len(plain) >= LAST else ""


def second_fact_key(query_code: str, fact: str) -> str:
    """Return a second fact as it is hashed: for one application alone."""
    return f"second fact {query_code} {fact}"


def tells_of(person: Person, text: str) -> bool:
    """Return whether a text has somebody's name or one of their numbers in it, however written."""
    agent = person.agent or Agent(name="")
    names = (person.name, person.contact, person.representative, agent.name)
    numbers = (person.identity_number, person.phone, agent.identity_number, agent.phone)
    written, joined = _without_blanks(text), _letters_and_digits(text)
    return any(
        len(name) >= _SHORTEST_NAME and name in written for name in map(_without_blanks, names)
    ) or any(
        len(number) >= _SHORTEST_NUMBER and number in joined
        for number in map(_letters_and_digits, numbers)
    )


def _plain_name(name: str) -> str:
    plain = _DOTS.sub("·", unicodedata.normalize("NFKC", name))
    plain = " ".join(plain.split()).casefold()
    # Chinese names are typed with and without blanks, Latin ones cannot do without.
    return plain if plain.isascii() else plain.replace(" ", "")


def _without_blanks(name: str) -> str:
    return _plain_name(name).replace(" ", "")


def _letters_and_digits(number: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", number).upper())
