"""What follows from a case's data: from 研判 the 方案, from steps a timetable, from that what is due.

``plan_from_assessment``: the 服务方案 that follows from the 研判. ``steps``, ``timetable``: a case's steps with planned
and actual dates. ``timetable_rows``, ``road_map``, ``late_steps``: the same as forms print it. ``due``: what is due
this week and what is late. ``summary``: a project's situation in words. ``derive``: a case with all that follows.
"""
