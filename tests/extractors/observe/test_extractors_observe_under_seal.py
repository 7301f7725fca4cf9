"""A seal pressed over a text area: in a scan without colour its strokes look like writing."""

import pytest


@pytest.mark.parametrize("how", ["grey", "bitonal"])
@pytest.mark.parametrize("y", [59.0, 61.0, 63.0])
def test_the_edge_of_a_seal_alone_is_no_writing(paper, how, y):
    """A seal from below that reaches into an empty area fills nothing: whether somebody wrote there, a person sees."""
    paper.seal(80, y)
    assert paper.observed(how)["name"].state != "filled"


@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_writing_beside_the_edge_of_a_seal_fills(paper, how):
    """What is written clear of the seal counts as ever."""
    paper.seal(92, 63)
    paper.write(52, 42, 3, 4.0)
    assert paper.observed(how)["name"].state == "filled"


def test_writing_alone_is_searched_for_no_seal(paper):
    """Ordinary writing, with nothing large around it, stays writing."""
    paper.write(52, 42, 8, 4.5)
    assert paper.observed("bitonal")["name"].state == "filled"
