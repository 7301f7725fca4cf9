"""Fits the learned look at fields (:mod:`extractors.witness`) to simulated returns with real ink.

::

    python -m bench.fitting crops WS FILE --pages 400 --side fitting --seed 1     registered crops with their labels, of
                                                                                  composed pages
    python -m bench.fitting crops WS FILE --source ordinary --pages 100           the same of whole ordinary returns
    python -m bench.fitting train FITTING … --calibration OTHERS … --out M.npz    weights (needs torch, which is no
                                                                                  dependency of this project)
    python -m bench.fitting refit M.npz MORE … --calibration OTHERS … --out N.npz its two upper layers once more
    python -m bench.fitting report MODEL HELD_OUT …                               figures on families never fitted to
    python -m bench.fitting passes MODEL FAULTS WS                                what it says where the reader passed
                                                                                  an incomplete document

The same seed gives the same crops; training is seeded too, but for ``--minutes``.
"""
