"""Fits the learned look at fields (:mod:`extractors.witness`) to simulated returns with real ink.

::

    python -m bench.fitting crops WS FILE --pages 400 --side fitting --seed 1     registered crops with their labels
    python -m bench.fitting train FITTING CALIBRATION --out model.npz             weights (needs torch, which is no
                                                                                  dependency of this project)
    python -m bench.fitting report MODEL HELD_OUT                                 figures on families never fitted to
    python -m bench.fitting passes MODEL FAULTS WS                                what it says where the reader passed
                                                                                  an incomplete document

The same seed gives the same crops; training is seeded too.
"""
