import time

import faulty_office as office

office.answer_version()
time.sleep(3600)
