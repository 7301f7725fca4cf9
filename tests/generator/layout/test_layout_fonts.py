"""Which font stands for an official one, what it can draw, and how it is reported when it cannot."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from forms.definition import FormDefinition
from foundation.errors import Problem, ToolMissingError
from generator.bind import bind
from generator.layout import fonts
from generator.layout.fonts import OFFICIAL_NAMES, FontBook, FontFile
from generator.preflight import glyph_problems

Install = Callable[[Mapping[str, str]], None]
Form = Callable[[str], FormDefinition]


def test_the_official_font_comes_first(install: Install) -> None:
    """Where the official font is installed it is used, whatever else is there."""
    install({"Noto Serif CJK SC": "甲", "FandolFang R": "甲", "仿宋_GB2312": "甲"})
    assert FontBook().face("仿宋_GB2312") == "仿宋_GB2312"


def test_a_chain_keeps_its_order_and_only_what_is_installed(install: Install) -> None:
    """A chain is the installed families, best first, each once."""
    install({"Noto Serif CJK SC": "甲", "LXGW WenKai": "甲", "FandolFang R": "甲", "DejaVu Sans": "甲"})
    assert FontBook().chain("仿宋_GB2312") == ("FandolFang R", "Noto Serif CJK SC", "LXGW WenKai")


def test_a_character_goes_to_the_nearest_kind_of_face(install: Install) -> None:
    """What 仿宋 lacks is drawn in another 仿宋 or in 宋; in 楷 only what no 宋 has."""
    install(
        {
            "FandolFang R": "甲",
            "AR PL UKai CN": "甲乙丙",
            "LXGW WenKai": "甲乙丙",
            "Noto Serif CJK SC": "甲乙",
        }
    )
    book = FontBook()
    drawn = [book.family_for("仿宋_GB2312", character) for character in "甲乙丙丁"]
    assert drawn == ["FandolFang R", "Noto Serif CJK SC", "AR PL UKai CN", None]
    install({"FandolSong": "甲", "AR PL UKai CN": "甲"})
    assert FontBook().face("仿宋_GB2312") == "FandolSong"


@pytest.mark.parametrize(
    ("alias", "official"), [("仿宋", "仿宋_GB2312"), ("SimHei", "黑体"), ("KaiTi", "楷体_GB2312")]
)
def test_an_alias_has_its_fonts_chain(install: Install, alias: str, official: str) -> None:
    """The names Word and WPS use for the same face lead to the same stand-in."""
    install({"FandolFang R": "甲", "FandolHei": "甲", "FandolKai": "甲"})
    assert FontBook().face(alias) == FontBook().face(official)


def test_the_offices_own_choice_wins(install: Install) -> None:
    """A font named in the settings goes before the chain, and the chain stays behind it."""
    install({"某厂仿宋": "甲", "FandolFang R": "甲乙"})
    book = FontBook({"仿宋_GB2312": "某厂仿宋"})
    assert book.chain("仿宋_GB2312") == ("某厂仿宋", "FandolFang R")
    assert book.family_for("仿宋_GB2312", "乙") == "FandolFang R"


def test_a_choice_that_is_not_installed_falls_back(install: Install) -> None:
    """A font in the settings that this machine lacks leaves the chain as it is."""
    install({"FandolFang R": "甲"})
    assert FontBook({"仿宋_GB2312": "没有这个字体"}).face("仿宋_GB2312") == "FandolFang R"


def test_a_font_nobody_knows_is_drawn_as_body_text(install: Install) -> None:
    """A name without a chain of its own, and not installed, has the body's chain."""
    install({"FandolFang R": "甲"})
    assert FontBook().face("花体") == "FandolFang R"


def test_no_font_at_all_names_the_doctor(install: Install) -> None:
    """Without any family of a chain the error names the official font and the command that helps."""
    install({"DejaVu Sans": "□☑"})
    with pytest.raises(ToolMissingError) as caught:
        FontBook().face("黑体")
    (problem,) = caught.value.problems
    assert "黑体" in problem.problem
    assert "daiban doctor" in (problem.advice or "")
    assert FontBook().missing_faces() == OFFICIAL_NAMES


def test_the_boxes_own_font_can_be_missing(install: Install) -> None:
    """A machine without a font for □ and ☑ is reported among the missing faces."""
    install({"Noto Serif CJK SC": "甲", "Noto Sans CJK SC": "甲"})
    assert FontBook().missing_faces() == ("□☑",)


def test_coverage_is_read_once_and_kept(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a font can draw is kept in the cache folder; the next process does not open the font."""
    install({"FandolFang R": "甲乙"})
    assert FontBook().coverage("FandolFang R") == frozenset(map(ord, "甲乙"))
    assert len(list((tmp_path / "cache" / "coverage").iterdir())) == 1
    fonts._coverage.cache_clear()
    monkeypatch.setattr(fonts, "_code_points", lambda *_: pytest.fail("read the font again"))
    assert FontBook().coverage("FandolFang R") == frozenset(map(ord, "甲乙"))


def test_an_empty_glyph_is_not_drawn(
    install: Install, font_file: Callable[..., FontFile], tmp_path: Path
) -> None:
    """A character that a font maps to a glyph without outline is left to the next; a blank needs none."""
    install({"FandolFang R": "甲䶮\u3000", "Noto Serif CJK SC": "甲䶮"})
    font_file("FandolFang R", "甲䶮\u3000", "䶮\u3000")
    book = FontBook()
    assert book.family_for("仿宋_GB2312", "䶮") == "Noto Serif CJK SC"
    assert book.covers("FandolFang R", "\u3000")


def test_a_changed_font_is_read_anew(
    install: Install, font_file: Callable[[str, str], FontFile], tmp_path: Path
) -> None:
    """A font file that was replaced does not keep its predecessor's coverage."""
    install({"FandolFang R": "甲"})
    assert not FontBook().covers("FandolFang R", "乙")
    font_file("FandolFang R", "甲乙丙丁")
    fonts._coverage.cache_clear()
    assert FontBook().covers("FandolFang R", "乙")


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"abc",
    ],
    ids=["empty", "cut off"],
)
def test_a_damaged_cache_is_not_used(install: Install, tmp_path: Path, damaged: bytes) -> None:
    """A cache file that a crash left empty or cut off is read from the font again."""
    install({"FandolFang R": "甲"})
    assert FontBook().covers("FandolFang R", "甲")
    (kept,) = (tmp_path / "cache" / "coverage").iterdir()
    kept.write_bytes(damaged)
    fonts._coverage.cache_clear()
    assert FontBook().covers("FandolFang R", "甲")


def test_an_unwritable_cache_is_only_slower(install: Install, tmp_path: Path) -> None:
    """Where the cache folder cannot be made, coverage is read from the font each time."""
    install({"FandolFang R": "甲"})
    (tmp_path / "cache").write_bytes(b"a file stands where the folder should be")
    assert FontBook().covers("FandolFang R", "甲")
    fonts._coverage.cache_clear()
    assert FontBook().covers("FandolFang R", "甲")


def test_an_unknown_family_draws_nothing(install: Install) -> None:
    """A family that is not installed covers no character."""
    install({"FandolFang R": "甲"})
    assert not FontBook().covers("没有这个字体", "甲")


def test_fonts_are_found_without_fontconfig(
    font_file: Callable[[str, str], FontFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without fc-list the font folders are searched, and an unreadable file among them is passed over."""
    font_file("某厂仿宋", "甲")
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    monkeypatch.setattr(fonts, "_fontconfig_listing", lambda: None)
    monkeypatch.setattr(fonts, "_font_folders", lambda: (tmp_path,))
    assert list(fonts.installed_fonts()) == ["某厂仿宋"]


def test_the_regular_cut_stands_for_a_family(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a family's cuts the regular one is taken, in whatever order they are listed."""
    listing = "/f/b.ttf\t0\tFandolSong\tBold\n/f/r.ttf\t0\tFandolSong\tRegular\n/f/c.ttc\t2\tA,甲体\tBold\n"
    monkeypatch.setattr(fonts, "_fontconfig_listing", lambda: listing)
    found = fonts.installed_fonts()
    assert found["FandolSong"].path == Path("/f/r.ttf")
    assert (found["甲体"].path, found["甲体"].index) == (Path("/f/c.ttc"), 2)


def glyphs(form: Form, name: str) -> tuple[Problem, ...]:
    bound = bind({"id": "A", "project": {"name": name}}, form("suggestions"))
    return glyph_problems(bound, FontBook(), lambda field_id: f"roster.xlsx {field_id}")


def test_a_character_of_another_face_is_a_warning(install: Install, form: Form) -> None:
    """A character the body's face lacks and another has is drawn by that one, and a warning names both."""
    install({"FandolFang R": "方项目", "Noto Serif CJK SC": "方喆项目"})
    (problem,) = glyphs(form, "方喆喆项目")
    assert problem.severity == "warning"
    assert (problem.field, problem.where) == ("project.name", "roster.xlsx project.name")
    assert "“喆”（U+5586" in problem.problem
    assert "Noto Serif CJK SC" in problem.problem


def test_a_character_nobody_has_is_an_error(install: Install, form: Form) -> None:
    """A character no family of the chain has is an error that says what to do; one for each character."""
    install({"FandolFang R": "项目", "Noto Serif CJK SC": "项目"})
    problems = glyphs(form, "项🏭目🚄")
    assert [problem.severity for problem in problems] == ["error", "error"]
    assert "“🏭”（U+1F3ED）" in problems[0].problem
    assert problems[0].advice


def test_what_needs_no_glyph_is_no_problem(install: Install, form: Form) -> None:
    """Line breaks, no-break and zero-width spaces and the boxes are never missed."""
    install({"FandolFang R": "项目", "DejaVu Sans": "□☑"})
    assert glyphs(form, "项\u00a0目\n项\u200b目□☑") == ()
