"""The steps of reading a roster: opening the workbook, finding sheets and headings, cells, rows."""
