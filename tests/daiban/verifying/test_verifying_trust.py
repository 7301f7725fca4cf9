"""Root certificates named in the settings: found beside the workspace, and told when they are no certificates."""

from pathlib import Path

import pytest

from daiban.office import Office
from daiban.sample import make_workspace
from daiban.verifying import VerifyRequest, verify
from daiban.verifying.issued import root_files
from daiban.workspace import Workspace
from foundation.errors import UnreadableError


def _workspace(folder: Path, root: str) -> Workspace:
    made = make_workspace(folder, sample=False)
    settings = made.path / "daiban.toml"
    text = settings.read_text("utf-8")
    assert "roots = []" in text
    settings.write_text(text.replace("roots = []", f'roots = ["{root}"]', 1), "utf-8")
    return Workspace.open(folder)


def test_roots_stand_beside_the_workspace(tmp_path: Path) -> None:
    """A root's path is taken from the workspace; an absolute one stays as it is."""
    assert root_files(_workspace(tmp_path / "a", "证书/根.cer")) == (tmp_path / "a" / "证书" / "根.cer",)
    assert root_files(_workspace(tmp_path / "b", "/etc/root.cer")) == (Path("/etc/root.cer"),)


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_wrong_root_is_told_before_anything_is_read(tmp_path: Path, content: bytes | None) -> None:
    """A root that is missing or no certificate stops the run with its name: trust is never silently less."""
    workspace = _workspace(tmp_path / "ws", "root.cer")
    if content is not None:
        (workspace.path / "root.cer").write_bytes(content)
    with pytest.raises(UnreadableError, match=r"root\.cer"):
        verify(Office(workspace), VerifyRequest((tmp_path,)))
