"""Fits the decisions of :mod:`extractors.decide` to returns whose truth is known.

::

    python -m bench.deciding pages WS FOLDER --minutes 10 --side fitting --seed 1     registered pages with their truth
    python -m bench.deciding tables FOLDER FILE                                       evidence and looks, as tables
    python -m bench.deciding fit FILE… --out decisions.npz                            the models (needs scikit-learn,
                                                                                      which is no dependency)
    python -m bench.deciding report MODELS FILE                                       figures on other families

The learned look (:mod:`bench.fitting`) is fitted first: what it says is part of the tables.
"""
