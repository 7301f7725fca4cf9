"""What a document of a case says, and where an issued one stands: the ground that every operation shares.

``binding``: a case's values for a form, and their digest. ``document_data``: everything they draw on; ``defaults``,
``checklist``, ``department_papers``, ``project_lists``, ``contents``: its parts beside the case itself.
``issue_check``: whether an issue still stands. ``return_status``: what came back of it, and who must do what next.
"""
