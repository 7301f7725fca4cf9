"""What worker processes load before their first job, by name: nothing is imported here.

So a command can have the clean process that workers are forked from started before it loads its own libraries
(:mod:`foundation.forking`); both then load side by side.
"""

#: Workers that read returned pages.
READING_MODULES = ("daiban.verifying.reading.page_worker",)
#: Workers that read uploads, for which somebody waits: what reads dates too, where it is installed. Loading it takes
#: half a second of each worker that has a date to read; a batch, many of which have none, does not begin with it.
UPLOAD_MODULES = (*READING_MODULES, "rapidocr.main")
