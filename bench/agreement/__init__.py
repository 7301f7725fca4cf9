"""How far the physical evidence and the learned look agree, and how sure the look must be for a stated risk.

::

    python -m bench.agreement pages WS FOLDER --minutes 10 --side fitting --seed 1     registered pages with their truth
    python -m bench.agreement read FOLDER FILE                                         what both witnesses say of them
    python -m bench.agreement characters FOLDER FILE                                   untouched print, for fitting
                                                                                       the look at print
    python -m bench.agreement limits FILE… --out agreement.npz                         what the program ships
    python -m bench.agreement report FILE                                              figures on other families

The network itself is fitted by :mod:`bench.fitting`, to other pages than these.
"""
