"""Django's settings for tools that ask for them by a module's name: the type checker's plugin, ``makemigrations``."""

import os
import tempfile
from pathlib import Path

from daiban.settings import Settings
from daiban.web.configuration import page_settings
from daiban.workspace import Workspace

_FOLDER = Path(os.environ.get("DAIBAN_WORKSPACE") or Path(tempfile.gettempdir()) / "daiban-tools")
globals().update(page_settings(Workspace(_FOLDER, Settings())))
