"""The roster workbook (花名册) that staff keep: its sheets declared as data, read, and written."""
