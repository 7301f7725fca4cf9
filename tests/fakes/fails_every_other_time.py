import sys
from pathlib import Path

import faulty_office as office

office.answer_version()
counter = Path(sys.argv[-1]).parent / "calls"
calls = int(counter.read_text()) if counter.exists() else 0
counter.write_text(str(calls + 1))
if calls % 2 == 0:
    sys.exit(139)
office.convert_really()
