import sys

import faulty_office as office

office.answer_version("LibreOffice 7.4.7.2 40(Build:2)")
sys.exit(1)
