import sys

import faulty_office as office

office.answer_version()
sys.exit(139)
