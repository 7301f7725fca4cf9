import faulty_office as office

office.answer_version()
