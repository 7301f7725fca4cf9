import faulty_office as office

office.answer_version()
office.convert_really()
data = office.output().read_bytes()
office.output().write_bytes(data[: len(data) // 2])
