"""Codes and numbers: what is right passes, what is wrong is refused, what is odd is doubted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.identifiers import phone, project_code, regions, uscc
from cases.values.invalid import Flaw

fixed = settings(derandomize=True, deadline=None)
CHARACTERS = st.text(uscc.ALPHABET, min_size=9, max_size=9)


def severities(flaws: tuple[Flaw, ...]) -> list[str]:
    return [flaw.severity for flaw in flaws]


@st.composite
def codes(draw: st.DrawFn) -> str:
    """Codes right in every part: category, region, both checks."""
    head = draw(st.sampled_from(["91", "92", "11", "12", "52", "N2", "Y1", "A1"]))
    organ = draw(st.text(uscc.ALPHABET, min_size=8, max_size=8))
    first17 = head + draw(st.sampled_from(sorted(regions.KNOWN))) + organ + uscc.inner_check_character(organ)
    return first17 + uscc.check_character(first17)


@pytest.mark.parametrize("code", ["91140522MA0K12348Q", "N2140522MA0K123488"])
def test_known_valid_codes_have_no_flaw(code: str) -> None:
    """Enterprise and village collective codes of the standards note are right without a warning."""
    assert uscc.validate(code) == ()


@fixed
@given(codes())
def test_every_rightly_made_code_passes(code: str) -> None:
    """Codes of every department, A, N and Y included, pass without a warning."""
    assert uscc.validate(code) == ()


@fixed
@given(codes())
def test_check_character_follows_the_printed_weights(code: str) -> None:
    """With the weights as GB 32100 prints them, the whole code sums to a multiple of 31."""
    printed = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)
    assert sum(w * uscc.ALPHABET.index(char) for w, char in zip(printed, code, strict=True)) % 31 == 0


@fixed
@given(codes(), st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_any_single_wrong_character_is_refused(code: str, place: int, other: str) -> None:
    """One character changed anywhere is always caught by the check character."""
    wrong = code[:place] + other + code[place + 1 :]
    assert uscc.is_valid(wrong) == (other == code[place])


@fixed
@given(codes())
def test_width_case_and_blanks_are_folded(code: str) -> None:
    """Full-width, lower-case and spaced spellings of a code are that code."""
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code.lower())
    assert uscc.compact(f" {wide[:9]} {wide[9:]}　") == code
    assert uscc.validate(wide) == ()


def test_wrong_check_character_names_itself() -> None:
    """The message says 校验位错误 and which character was expected."""
    (flaw,) = uscc.validate("91140522MA0K12348R")
    assert flaw.severity == "error"
    assert "校验位错误" in flaw.reason
    assert "应为Q" in flaw.reason


@pytest.mark.parametrize(
    ("code", "said"),
    [("9114052MA0K12348Q", "17位"), ("140500100012345", "15位"), ("91140522MAOK12348Q", "“O”"), ("", "0位")],
)
def test_wrong_length_and_alphabet_are_refused(code: str, said: str) -> None:
    """A code of another length or with a letter outside the alphabet is wrong, and the message says which."""
    flaws = uscc.validate(code)
    assert severities(flaws) == ["error"]
    assert said in flaws[0].reason


def test_unknown_region_and_inner_check_only_raise_doubts() -> None:
    """A right check character with region 999999 or an odd inner check passes with a warning."""
    organ = "MA0K1234"
    region = "91999999" + organ + uscc.inner_check_character(organ)
    inner = "91140522" + organ + ("0" if uscc.inner_check_character(organ) != "0" else "1")
    head = "ZZ"
    assert severities(uscc.validate(region + uscc.check_character(region))) == ["warning"]
    assert severities(uscc.validate(inner + uscc.check_character(inner))) == ["warning"]
    assert severities(uscc.validate(head + "140522MA0K12348Q")) == ["error"]


def test_unknown_category_is_a_doubt() -> None:
    """A department and category pair outside the table passes with a warning."""
    first17 = "17140522" + "MA0K1234" + uscc.inner_check_character("MA0K1234")
    flaws = uscc.validate(first17 + uscc.check_character(first17))
    assert severities(flaws) == ["warning"]
    assert "17" in flaws[0].reason


@pytest.mark.parametrize(
    "code",
    [
        "2601-140502-04-01-123456",
        "2020-141129-77-03-006679",
        "2012-140500-04-01-000001",
        "２６０１－１４０５０２－０４－０１－１２３４５６",
        "26011405020401123456",
        "2601—140502—04—01—123456",
        "2601-000000-04-01-123456",
    ],
)
def test_right_project_codes_pass(code: str) -> None:
    """The new form, the older year-first form and full-width or bare spellings have no flaw."""
    assert project_code.validate(code) == ()
    assert len(project_code.compact(code)) == 24


@pytest.mark.parametrize(
    "code",
    [
        "2613-140502-04-01-123456",
        "2600-140502-04-01-123456",
        "2601-140502-04-01-12345",
        "项目代码",
        "2601-14050-04-01-1234567",
    ],
)
def test_impossible_project_codes_are_refused(code: str) -> None:
    """Wrong grouping and months beyond December are errors."""
    assert not project_code.is_valid(code)


@pytest.mark.parametrize(
    "code", ["2601-999999-04-01-123456", "2601-140571-04-01-123456", "9901-140502-04-01-123456"]
)
def test_odd_project_codes_are_doubted(code: str) -> None:
    """A region in no table (a development zone, say) or an odd year is a warning, not an error."""
    assert severities(project_code.validate(code)) == ["warning"]


@fixed
@given(
    st.from_regex(
        re.compile(
            r"\A(1[6-9]|[234][0-9])(0[1-9]|1[0-2])-1405(00|02|21|22|24|25|81)-\d{2}-\d{2}-\d{6}\Z", re.ASCII
        )
    )
)
def test_no_check_digit_is_invented(code: str) -> None:
    """Every six final digits are accepted: the check algorithm is not public."""
    assert project_code.validate(code) == ()


@pytest.mark.parametrize(
    "number",
    [
        "13912345678",
        "139 1234 5678",
        "139-1234-5678",
        "１３９１２３４５６７８",
        "+86 13912345678",
        "0356-2024567",
        "（0356）2024567",
        "0356-2024567-803",
        "010-62024567",
        "2024567",
        "4001234567",
        "12345",
        "13912345678/0356-2024567",
        "13912345678、13812345678",
    ],
)
def test_phones_people_write_have_no_flaw(number: str) -> None:
    """Mobiles, landlines, extensions, service numbers and several at once pass."""
    assert phone.validate(number) == ()


@pytest.mark.parametrize("number", ["1391234567", "0356-20245", "23912345678", "139123456789", "电话12"])
def test_odd_phones_are_doubted(number: str) -> None:
    """A pattern nobody knows is a warning, because plans change."""
    assert severities(phone.validate(number)) == ["warning"]


@pytest.mark.parametrize("number", ["无", "待定", "1.3912345678E+10", "13912345678.0"])
def test_what_is_no_number_is_refused(number: str) -> None:
    """Text without a digit, and what a spreadsheet spoiled, are errors."""
    assert not phone.is_valid(number)


@pytest.mark.parametrize(
    ("code", "plausible"),
    [
        ("140502", True),
        ("110101", True),
        ("141129", True),
        ("991100", False),
        ("149900", False),
        ("14O502", False),
    ],
)
def test_region_doubts(code: str, plausible: bool) -> None:
    """Known and other provinces' codes are plausible; unknown provinces, cities and letters are not."""
    assert (regions.implausible(code) is None) == plausible
