"""The work between the forms: from 研判 to 方案, from steps to a timetable, from a timetable to what is due.

``timetable``: a case's steps with planned and actual dates. ``due``: what is due this week and what is late. ``plan``:
the 服务方案 that follows from the 研判. ``derive``: what forms may draw on beside the case itself. ``merge``: several
departments' 研判表 as one.
"""
