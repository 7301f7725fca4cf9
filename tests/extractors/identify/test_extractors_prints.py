"""Pages whose marks are gone: told by their print when that is certain, and by nothing else."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pil
from PIL import ImageDraw, ImageFont

from extractors.identify import IssueCandidate, TextLine, by_print, candidate_of, ocr_available, text_reader
from extractors.identify import ocr as adapter
from extractors.identify.prints import PageTexts
from extractors.model import Image, Points, Raster
from foundation.errors import Problem, ToolMissingError, UnreadableError
from generator.layout.fonts import FontBook

KEY = b"k" * 32
TITLE = "“全代办”服务办结单"
BODY = (
    "兹有“全代办”项目{name}，项目代码{code}已于2026年6月30日完结竣工验收阶段“全代办”服务工作，"
    "有关材料已向项目单位移交完毕，现作办结处理。已移交材料如下：一、企业投资项目备案证；二、建设工程规划许可证。"
    "项目单位（盖章或签字）：年月日。项目长：年月日。"
)
NAMES = {
    "7K3M9QX2": ("年产5万吨高性能陶瓷材料生产线建设项目", "2601-140502-04-01-123456"),
    "8ZQ4ABCD": ("沁水县滨河东路道路改造工程", "2502-140521-48-01-330859"),
}
SHAPE = (2339, 1654)
#: What is put on a picture that lies turned, by the turn that makes it upright.
LIES: dict[int, Callable[[Points], Points]] = {
    0: lambda at: at,
    90: lambda at: np.array([at[:, 1], 1654 - at[:, 0]]).T,
    180: lambda at: np.array([1654 - at[:, 0], 2339 - at[:, 1]]).T,
    270: lambda at: np.array([2339 - at[:, 1], at[:, 0]]).T,
}


def text_of(number: str) -> str:
    name, code = NAMES[number]
    return TITLE + BODY.format(name=name, code=code)


def candidate(number: str, like: str = "", pages: int = 1) -> IssueCandidate:
    """The candidate of an issue whose values are those of another, or its own."""
    name, code = NAMES[like or number]
    values = {"project.name": name, "project.code": code, "project.plot": None}
    return candidate_of(number, pages, values, TITLE, KEY)


BOTH = [candidate(number) for number in NAMES]


class Reading:
    """A reader that reads what it was told, line by line down the page, the page lying as it was told."""

    def __init__(self, text: str, turn: int = 0, *more: str) -> None:
        rows = [text[at : at + 24] for at in range(0, len(text), 24)]
        self.read = [self._line(row, 150, 300 + 70 * at, turn) for at, row in enumerate(rows)]
        self.read += [self._line(row, 1300, 230, turn) for row in more]

    @staticmethod
    def _line(text: str, left: float, top: float, turn: int) -> TextLine:
        right, bottom = left + 44 * len(text), top + 44
        box = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64)
        return TextLine(text, 0.9, LIES[turn](box))

    def lines(self, picture: Image) -> tuple[TextLine, ...]:
        return tuple(self.read)


def texts(number: str) -> list[str]:
    return [text_of(number)]


def told(
    reading: Reading, candidates: list[IssueCandidate] = BOTH, texts: PageTexts = texts
) -> tuple[str, int, int] | None:
    sighting = by_print(Raster(np.full(SHAPE, 255, np.uint8)), candidates, reading, texts).sighting
    return sighting and (sighting.issue, sighting.page, sighting.turn)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("number", NAMES)
def test_a_page_is_told_by_its_text(number: str, turn: int) -> None:
    """All its text read, lying any way: that issue, that page, that turn."""
    assert told(Reading(text_of(number), turn)) == (number, 1, turn)


def test_some_letters_may_be_misread() -> None:
    """One character in twelve misread still leaves the page certain."""
    text = list(text_of("7K3M9QX2"))
    text[60::12] = "口" * len(text[60::12])
    assert told(Reading("".join(text))) == ("7K3M9QX2", 1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "关于报送材料的函。现将有关材料报送贵局，请予审核。附件：“全代办”服务办结单一份。",
        TITLE + BODY.format(name="另一个没有发过表的项目", code="2607-140525-04-01-999999"),
        TITLE + BODY.format(name="", code=""),
        text_of("7K3M9QX2")[:60],
    ],
    ids=[
        "nothing",
        "a letter that names the form",
        "a case that was never issued",
        "names unread",
        "a strip",
    ],
)
def test_what_is_not_certain_is_not_told(text: str) -> None:
    """A foreign page, the same form of another case, a page whose names cannot be read: nobody's."""
    assert told(Reading(text)) is None
    assert told(Reading(text), BOTH[:1]) is None


def test_two_issues_of_the_same_words_are_not_told_apart() -> None:
    """An issue and the one that replaced it with a digit changed: the print cannot tell which, so neither."""
    old = candidate("7K3M9QX2")
    changed = text_of("7K3M9QX2").replace("30日", "29日")
    new = candidate("9NEW9NEW", like="7K3M9QX2")
    out = {"7K3M9QX2": [text_of("7K3M9QX2")], "9NEW9NEW": [changed]}
    assert told(Reading(text_of("7K3M9QX2")), [old, new], out.__getitem__) is None


def test_readable_letters_settle_it() -> None:
    """The mark's letters beside the code, read whole with look-alikes folded, tell even between such issues."""
    old = candidate("7K3M9QX2")
    same = candidate("9NEW9N0W", like="7K3M9QX2")
    (letters,) = same.letters
    text = text_of("7K3M9QX2")
    found = told(Reading(text, 90, letters.replace("0", "O")), [old, same], lambda number: [text])
    assert found == ("9NEW9N0W", 1, 90)
    wrong = letters[:-1] + ("7" if letters[-1] != "7" else "8")
    assert told(Reading(text, 90, wrong), [old, same], lambda number: [text]) is None


def test_letters_of_two_pages_are_nobodys() -> None:
    """Two pages in one picture are not taken for either."""
    letters = [item.letters[0] for item in BOTH]
    assert told(Reading("空白", 0, *letters)) is None


def test_a_page_without_names_is_only_told_by_its_letters() -> None:
    """A last page with nothing but places to sign is any case's, unless its letters are read."""
    last = (
        "四、我单位承诺提供材料真实有效，如因材料虚假造成后果由本单位承担。未尽事宜双方协商解决，"
        "本委托书自签署之日起生效。项目单位（盖章或签字）："
    )
    document = candidate("7K3M9QX2", pages=2)

    def both(number: str) -> list[str]:
        return [text_of(number), last]

    assert told(Reading(last), [document], both) is None
    assert told(Reading(last + NAMES["7K3M9QX2"][0]), [document], both) is None
    assert told(Reading(last, 180, document.letters[1]), [document], both) == ("7K3M9QX2", 2, 180)


def test_only_texts_of_what_bears_a_name_that_was_seen_are_asked_for() -> None:
    """Of ten thousand documents that went out, those of another project are not opened; one that is gone is no page."""
    asked: list[str] = []

    def recorded(number: str) -> list[str]:
        asked.append(number)
        return texts(number)

    assert told(Reading(text_of("7K3M9QX2")), BOTH, recorded) == ("7K3M9QX2", 1, 0)
    assert set(asked) == {"7K3M9QX2"}

    def gone(number: str) -> list[str]:
        raise UnreadableError(Problem(number, "发出的 PDF 不见了"))

    assert told(Reading(text_of("7K3M9QX2")), BOTH, gone) is None
    assert told(Reading(text_of("7K3M9QX2"), 0, BOTH[0].letters[0]), BOTH, gone) is None


def test_without_a_reader_nothing_is_told() -> None:
    """Where OCR is not installed, the page is listed and not guessed."""
    assert by_print(Raster(np.full(SHAPE, 255, np.uint8)), BOTH, None, texts).sighting is None


def test_lines_out_of_order_tell_no_turn() -> None:
    """A page whose lines cannot be put in order has no top, and so is not placed."""
    reading = Reading(text_of("7K3M9QX2"))
    middle = reading.read[0].corners
    reading.read = [replace(line, corners=middle) for line in reading.read]
    assert told(reading) is None


def test_a_missing_model_is_said_and_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a model gone from its package, OCR is not available, and asking for it says what to do."""
    monkeypatch.setattr(adapter, "find_spec", lambda name: object())
    monkeypatch.setattr(adapter, "_models", lambda: {"Det": None, "Rec": Path("rec"), "Cls": Path("cls")})
    text_reader.cache_clear()
    assert not ocr_available()
    with pytest.raises(ToolMissingError, match="模型"):
        text_reader()
    monkeypatch.setattr(adapter, "find_spec", lambda name: None)
    with pytest.raises(ToolMissingError, match="没有安装"):
        text_reader()


@pytest.mark.skipif(not ocr_available(), reason="the optional extra is not installed")
@pytest.mark.filterwarnings("default")
def test_real_print_is_read() -> None:
    """The real engine reads a printed page that lies on its side, and the page is told."""
    font = FontBook().glyph_fonts("黑体")[0]
    face = ImageFont.truetype(str(font.path), 40, index=font.index)
    paper = Pil.new("L", (1240, 1754), 255)
    text = text_of("7K3M9QX2")
    for row, at in enumerate(range(0, len(text), 25)):
        ImageDraw.Draw(paper).text((110, 250 + 75 * row), text[at : at + 25], font=face, fill=0)
    lying = np.asarray(cv2.rotate(np.asarray(paper), cv2.ROTATE_90_COUNTERCLOCKWISE), np.uint8)
    text_reader.cache_clear()
    sighting = by_print(Raster(lying), BOTH, text_reader(), texts).sighting
    assert sighting is not None
    assert (sighting.issue, sighting.page, sighting.turn, sighting.by) == ("7K3M9QX2", 1, 90, "print")


def test_what_is_not_certain_is_told_as_alike() -> None:
    """Half a page of one issue is nobody's with certainty: its own page comes first, named where a name was read; of a
    form that was read without a name one issue stands for all; and print of another kind is like nothing.
    """
    raster = Raster(np.full(SHAPE, 255, np.uint8))
    half = by_print(raster, BOTH, Reading(text_of("7K3M9QX2")[:90]), texts)
    assert half.sighting is None
    assert [(one.issue, one.page, one.named) for one in half.alike][:1] == [("7K3M9QX2", 1, True)]
    unnamed = by_print(raster, BOTH, Reading(TITLE + BODY.format(name="", code="")), texts)
    assert [(one.issue, one.named) for one in unnamed.alike] == [("8ZQ4ABCD", False)]
    letter = "关于报送材料的函。现将有关材料报送贵局，请予审核。附件：“全代办”服务办结单一份。"
    assert by_print(raster, BOTH, Reading(letter), texts).alike == ()
