"""Whose page a raster is: by its page marks, else by what is printed."""

from extractors.identify.blank import is_blank
from extractors.identify.marks import NoSighting, find_codes, sight
from extractors.identify.ocr import TextLine, TextReader, ocr_available, text_reader
from extractors.identify.prints import IssueCandidate, PrintFound, by_print, candidate_of

__all__ = [
    "IssueCandidate",
    "NoSighting",
    "PrintFound",
    "TextLine",
    "TextReader",
    "by_print",
    "candidate_of",
    "find_codes",
    "is_blank",
    "ocr_available",
    "sight",
    "text_reader",
]
