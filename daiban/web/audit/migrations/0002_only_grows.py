"""The database itself refuses to change or remove an entry."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON audit_auditentry
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(REFUSE.format(verb=verb), f"DROP TRIGGER audit_entry_no_{verb}")
        for verb in ("UPDATE", "DELETE")
    ]
