"""How a registry of an older program is brought to the present version: Alembic's folder of scripts."""
