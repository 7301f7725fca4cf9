"""Returns with real ink and with marks that only look like ink that counts, in named families.

Beside the drawn returns of :mod:`simulator`: photographed signatures, real seals, stains and digits where a folder
of them is given (:mod:`simulator.real_ink.library`; drawn ink only where there is none), and what people and paper
leave in a signature field without signing it: stains with rims, fingerprints, slips of the pen, scribbles, stamps.

Every writer, seal, kind of mark and scanner is a *family* with a name (:mod:`simulator.real_ink.families`). A fixed
third of each pool is held out from fitting; :func:`simulator.real_ink.returns.simulate_with_ink` draws from the side
that is asked for.
"""
