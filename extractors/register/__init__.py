"""A returned page brought into the frame of its original."""
