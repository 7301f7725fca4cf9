"""The three roles, as groups."""

from django.db import migrations

ROLES = ("经办", "档案", "管理员")


def make_roles(apps, schema_editor):
    """Make the groups that lack."""
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
