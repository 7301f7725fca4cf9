"""A second, learned look at a field: what a picture of it shows, apart from every physical measure.

A small convolutional network looks at the crop of a field (:mod:`extractors.witness.crops`) and says of each thing
that can lie there how probable it is (:mod:`extractors.witness.network`). Its weights are data, fitted by
``python -m bench.fitting`` on simulated returns with real ink; nothing but numpy evaluates them.
"""
