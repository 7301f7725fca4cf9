"""Packets (材料包): everything an enterprise gets to sign, as one ZIP and one PDF, with a guide in front."""
