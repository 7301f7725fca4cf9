"""The roster workbook (案件台账): its sheets declared once, read, checked and written."""
