"""Side-by-side measurements: ratios against the peer in the same run. ``python -m bench`` runs them all."""
