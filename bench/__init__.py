"""Benches (测量): how fast documents are issued and read, and how well they are read.

The modules of this folder are the commands, ``python -m bench.NAME``; the rooms beside them hold their parts. Speed is
given as a ratio to a peer that is measured in the same run. ``python -m bench`` runs every speed bench.
"""
