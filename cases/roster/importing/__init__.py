"""Rosters that others laid out (导入): which of their sheets and columns is which of ours, proposed and remembered."""
