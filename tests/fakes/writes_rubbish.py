import faulty_office as office

office.answer_version()
office.output().write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n")
