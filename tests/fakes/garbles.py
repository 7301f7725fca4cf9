import faulty_office as office

office.answer_version()
office.rewrite("委托", "委拖")
office.convert_really()
