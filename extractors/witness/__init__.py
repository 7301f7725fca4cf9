"""A second, learned look: what a picture of a place shows, apart from every physical measure.

A small convolutional network looks at the crop of a field (:mod:`extractors.witness.crops`) and says of each thing
that can lie there how probable it is (:mod:`extractors.witness.network`). Another looks at printed characters
(:mod:`extractors.witness.characters`, :mod:`extractors.witness.print_look`) and says whether each was altered. Their
weights are data, fitted by ``python -m bench.fitting`` on simulated returns with real ink; nothing but numpy evaluates
them.
"""
