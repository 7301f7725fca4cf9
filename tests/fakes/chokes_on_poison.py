import sys

import faulty_office as office

office.answer_version()
if "毒丸" in office.body():
    sys.exit(139)
office.convert_really()
