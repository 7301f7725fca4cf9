"""What follows from a case's data: from 研判 the 方案, from steps a timetable, from that what is due.

``plan_from_assessment``: the 服务方案 that follows from the 研判. ``steps``, ``timetable``, ``road_map``: a case's
steps with planned and actual dates. ``due``: what is due this week and what is late. ``summary``: a project's
situation in words. ``derive``: all of it, as forms read it.
"""
