"""Audit log (操作日志): who did what, to which document, when and from where. It only grows."""
