"""People's decisions about what came back (人的决定): accept or reject, place a page or take it away, take back; and
the queue of what waits for them. The machine's verdict stays beside every one of them.
"""
