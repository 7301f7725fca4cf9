import faulty_office as office
import pikepdf

office.answer_version()
office.convert_really()
with pikepdf.open(office.output(), allow_overwriting_input=True) as pdf:
    del pdf.pages[-1]
    pdf.save(office.output())
