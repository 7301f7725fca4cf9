import faulty_office as office
import pikepdf

office.answer_version()
with pikepdf.new() as pdf:
    pdf.add_blank_page()
    pdf.save(office.output())
