"""Fits the learned looks of :mod:`extractors.witness`, at fields and at printed characters, to simulated returns.

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
    python -m bench.fitting characters WS FILE --documents 300 --side fitting     printed characters and ink beside
                                                                                  them, altered or not
    python -m bench.fitting train-print FITTING --calibration FILE --out FILE     weights of the look at print
    python -m bench.fitting report-print MODEL HELD_OUT                           its figures

The same seed gives the same crops; training is seeded too, but for ``--minutes``.
"""
