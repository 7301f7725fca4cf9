"""Handing in (交件): what an enterprise has to do, files it uploads, what it hands in with a receipt."""
