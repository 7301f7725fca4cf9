"""Returns that never were paper (电子回件): filled PDF forms, digital signatures, edited DOCX.

They give the same observations as a scan does, by other means, and meet the same judge. Two ways in:
:func:`read_docx_return` for a DOCX, which carries no issue number and is recognised by its controls and values, and
:func:`read_pdf_return` for a PDF whose pages' marks were read.
"""

from extractors.digital.docx_return import read_docx_return
from extractors.digital.pdf_return import read_pdf_return, unread_pdf
from extractors.digital.roots import load_roots

__all__ = ["load_roots", "read_docx_return", "read_pdf_return", "unread_pdf"]
