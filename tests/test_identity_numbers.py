"""Identity numbers: real ones pass, however old, and a slip of one digit does not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.applicant import IdentityKind
from models.application import OrgCategory
from services.disclosure.identity_numbers import (
    check_credit_code,
    check_number,
    check_resident_id,
    kind_of,
    normalised,
    suggested_category,
)

TODAY = date(2026, 11, 24)
SAMPLE = "11010519491231002X"


def with_check(seventeen: str) -> str:
    """Complete a number by the standard's other formula: the sum of all eighteen is 1 modulo 11."""
    total = sum(int(d) * pow(2, 17 - place, 11) for place, d in enumerate(seventeen))
    return seventeen + "0123456789X"[(1 - total) % 11]


@pytest.mark.parametrize(
    "number",
    [
        SAMPLE,
        "440524188001010014",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "110105-1949-1231-002X",
        pytest.param(with_check("51020219500101001"), id="an area that was dissolved"),
        pytest.param(with_check("50010319600229002"), id="an area younger than its bearer"),
        pytest.param(with_check("81000019900101001"), id="residence permit of Hong Kong"),
        pytest.param(with_check("83000019900101001"), id="residence permit of Taiwan"),
        pytest.param(with_check("91100019850101001"), id="permanent residence of a foreigner"),
        pytest.param(with_check("11010520000229001"), id="born on a leap day"),
        pytest.param(with_check("11010520261124001"), id="born today"),
    ],
)
def test_real_numbers_pass(number: str) -> None:
    found = check_resident_id(number, today=TODAY)
    assert (found.valid, found.reason, found.recheck) == (True, "", "")
    assert len(found.number) == 18
    assert found.number == found.number.upper()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "empty"),
        ("110105194912310021", "checksum"),
        ("11010519491231002", "length"),
        ("11010519491231002XX", "length"),
        ("110105491231002", "fifteen_digits"),
        ("X1010519491231002X", "characters"),
        (with_check("11010519990229001"), "birth_date"),
        (with_check("11010519991301001"), "birth_date"),
        (with_check("11010520261125001"), "birth_date_future"),
    ],
)
def test_slips_are_named(number: str, code: str) -> None:
    found = check_resident_id(number, today=TODAY)
    assert (found.valid, found.code) == (False, code)
    assert found.reason


def test_an_unusual_area_is_pointed_out_and_passes() -> None:
    found = check_resident_id(with_check("99010519491231002"), today=TODAY)
    assert found.valid
    assert check_resident_id(with_check("00010519491231002"), today=TODAY).recheck


@given(st.integers(0, 16), st.integers(1, 9))
def test_no_single_wrong_digit_passes(place: int, change: int) -> None:
    wrong = (int(SAMPLE[place]) + change) % 10
    assert not check_resident_id(f"{SAMPLE[:place]}{wrong}{SAMPLE[place + 1 :]}", today=TODAY).valid


@given(st.integers(0, 15))
def test_no_two_neighbours_change_places(place: int) -> None:
    assume(SAMPLE[place] != SAMPLE[place + 1])
    swapped = f"{SAMPLE[:place]}{SAMPLE[place + 1]}{SAMPLE[place]}{SAMPLE[place + 2 :]}"
    assert not check_resident_id(swapped, today=TODAY).valid


@given(st.text(max_size=24))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    for kind in IdentityKind:
        found = check_number(kind, text, today=TODAY)
        assert found.valid == (found.code == "ok") == (found.reason == "")


CREDIT_CODE = "91110000600037341L"


def test_a_credit_code_passes_as_typed() -> None:
    assert check_credit_code(CREDIT_CODE).valid
    assert check_credit_code(" 91110000 600037341l ").number == CREDIT_CODE


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "empty"),
        ("91110000600037341", "length"),
        ("91110000600037341O", "characters"),
        ("91110000600037341M", "checksum"),
        ("91110000600037314L", "checksum"),
    ],
)
def test_slips_in_a_credit_code_are_named(number: str, code: str) -> None:
    assert check_credit_code(number).code == code


@pytest.mark.parametrize(
    ("number", "category"),
    [
        (CREDIT_CODE, OrgCategory.BUSINESS),
        ("52", OrgCategory.PUBLIC_WELFARE),
        ("31", OrgCategory.LEGAL_SERVICE),
        ("12", OrgCategory.OTHER),
        ("", OrgCategory.OTHER),
    ],
)
def test_a_credit_code_suggests_a_category(number: str, category: OrgCategory) -> None:
    assert suggested_category(number) is category


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (SAMPLE, IdentityKind.RESIDENT_ID),
        ("110105194912310021", IdentityKind.RESIDENT_ID),
        ("110105491231002", IdentityKind.RESIDENT_ID),
        (CREDIT_CODE, IdentityKind.CREDIT_CODE),
        ("911100001000013428", IdentityKind.CREDIT_CODE),
    ],
)
def test_the_kind_shows_in_the_number(number: str, kind: IdentityKind) -> None:
    assert kind_of(number) is kind


@pytest.mark.parametrize(
    ("text", "valid"), [("E12345678", True), ("H1234", True), ("A1", False), ("1" * 21, False)]
)
def test_other_documents_have_a_number_of_any_form(text: str, valid: bool) -> None:
    assert check_number(IdentityKind.PASSPORT, text, today=TODAY).valid is valid


def test_a_number_is_stored_without_what_typing_adds() -> None:
    assert normalised("１１０ １０５–x") == "110105X"
