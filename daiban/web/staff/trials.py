"""Where trials of forms are kept for the page: the last one of each."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from daiban.form_trial import FormTrial
from daiban.web.configuration import private_folder
from daiban.web.current import current_folder
from foundation.writing import write_atomically, writing

_FORM_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_NOTE = "trial.json"


def trial_folder(form_id: str, *, fresh: bool = False) -> Path:
    """The folder of a form's trial; ``fresh``: emptied."""
    if not _FORM_ID.fullmatch(form_id):
        raise ValueError(f"no id of a form: {form_id}")
    folder = private_folder(current_folder()) / "trials" / form_id
    with writing(folder):
        if fresh:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep_trial(trial: FormTrial) -> None:
    """Put what came of a trial beside its pages."""
    folder = trial_folder(trial.form)
    with writing(folder):
        write_atomically(trial.model_dump_json().encode(), folder / _NOTE)


def last_trial(form_id: str) -> FormTrial | None:
    """The last trial of a form; None where there was none."""
    if not _FORM_ID.fullmatch(form_id):
        return None
    file = trial_folder(form_id) / _NOTE
    return FormTrial.model_validate_json(file.read_bytes()) if file.exists() else None
