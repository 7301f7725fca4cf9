"""The office's settings file."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from daiban.settings import ConverterSettings, Settings, default_text, load_settings
from foundation.errors import UsageError
from generator.document_generator import GeneratorSettings


def _write(folder: Path, text: str | bytes) -> Path:
    path = folder / "daiban.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def _problems(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(UsageError) as caught:
        load_settings(_write(folder, text))
    return [str(problem) for problem in caught.value.problems]


def test_default_file_is_the_defaults(tmp_path: Path) -> None:
    """The commented file of a new workspace means exactly the built-in defaults."""
    assert load_settings(_write(tmp_path, default_text())) == Settings()


def test_empty_file_is_the_defaults(tmp_path: Path) -> None:
    """Every setting may be left out."""
    assert load_settings(_write(tmp_path, "")) == Settings()


@pytest.mark.parametrize("name", ["晋城市行政审批服务管理局", 'A "B" \\ C'])
def test_agency_name_is_written_as_given(tmp_path: Path, name: str) -> None:
    """An agency name comes back from the default file as it was given, quotes and all."""
    assert load_settings(_write(tmp_path, default_text(name))).agency.name == name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_read_in_the_encodings_editors_write(tmp_path: Path, encoding: str) -> None:
    """Settings read the same in UTF-8, with a byte-order mark, and in GBK."""
    text = '[agency]\nname = "晋城市行政审批服务管理局"\n'
    assert load_settings(_write(tmp_path, text.encode(encoding))).agency.name == "晋城市行政审批服务管理局"


def test_every_section_is_read(tmp_path: Path) -> None:
    """Values of every section arrive typed."""
    settings = load_settings(
        _write(
            tmp_path,
            '[manager]\nname="李强"\nphone="0356-2218800"\n[calendar]\nworkdays=[2027-02-07]\nholidays=[2027-02-08]\n'
            '[fonts]\n"仿宋_GB2312"="FandolFang R"\n[converter]\npath="/opt/soffice"\ndeadline_s=30\n'
            '[work]\nworkers=3\n[signatures]\nroots=["a.cer"]\nrequire_trusted=true\n[registry]\nurl="postgresql://x/y"\n',
        )
    )
    assert settings.manager.name == "李强"
    assert settings.calendar.workdays == (date(2027, 2, 7),)
    assert (settings.signatures.roots, settings.signatures.require_trusted) == (("a.cer",), True)
    assert settings.calendar.holidays == (date(2027, 2, 8),)
    assert settings.fonts == {"仿宋_GB2312": "FandolFang R"}
    assert settings.converter.path == "/opt/soffice"
    assert settings.converter.deadline_s == 30
    assert settings.work.workers == 3
    assert settings.registry.url == "postgresql://x/y"


def test_workers_asked_for_win_over_the_setting(tmp_path: Path) -> None:
    """The command line's worker count wins over the file's, and the file's over the processors."""
    work = load_settings(_write(tmp_path, "[work]\nworkers=3\n")).work
    assert work.worker_count(5) == 5
    assert work.worker_count() == 3
    assert Settings().work.worker_count() >= 1


def test_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    """A mistyped key is refused with its place and the nearest known key."""
    (text,) = _problems(tmp_path, '[agency]\nnmae = "x"\n')
    assert "agency.nmae" in text
    assert "是否指“name”" in text


def test_unknown_section_lists_what_there_is(tmp_path: Path) -> None:
    """A section nothing resembles is refused with the sections that exist."""
    (text,) = _problems(tmp_path, "[zzz]\n")
    assert "没有“zzz”这项设置" in text
    assert "agency" in text


def test_all_problems_at_once(tmp_path: Path) -> None:
    """Every problem of the file is told in one go, each in Chinese."""
    texts = _problems(
        tmp_path,
        '[agency]\nname = 3\n[calendar]\nholidays = ["节"]\n[converter]\ndeadline_s = 0\n'
        '[work]\nworkers = "多"\n',
    )
    assert len(texts) == 4
    assert any("agency.name" in text and "应为文字" in text for text in texts)
    assert any("calendar.holidays" in text and "应为日期" in text for text in texts)
    assert any("converter.deadline_s" in text and "应大于 0" in text for text in texts)
    assert any("work.workers" in text and "应为整数" in text for text in texts)


def test_one_deadline_everywhere() -> None:
    """A new file, no file and the generator agree how long one conversion may take, and the file says per what."""
    written = tomllib.loads(default_text())["converter"]["deadline_s"]
    generator = GeneratorSettings(mark_key=b"", fonts={})
    assert written == ConverterSettings().deadline_s == generator.deadline_s == 60
    assert f"每份再加 {generator.deadline_each_s:g} 秒" in default_text()


def test_section_written_as_value(tmp_path: Path) -> None:
    """A section written as a plain value is said to need a section."""
    (text,) = _problems(tmp_path, 'agency = "局"\n')
    assert "应为一节" in text


def test_day_cannot_be_both(tmp_path: Path) -> None:
    """A day that is both worked and off is refused by date."""
    (text,) = _problems(tmp_path, "[calendar]\nworkdays=[2027-02-07]\nholidays=[2027-02-07]\n")
    assert "2027-02-07 既写成上班又写成放假" in text


def test_not_toml_names_line_and_column(tmp_path: Path) -> None:
    """A line that is not TOML is found by line and column."""
    (text,) = _problems(tmp_path, "[agency]\nname = 局\n")
    assert "第2行第8列" in text


def test_binary_file_is_refused(tmp_path: Path) -> None:
    """A file that is no text at all is refused, not guessed."""
    (text,) = _problems(tmp_path, b"\xff\xff\xff")
    assert "编码认不出来" in text
