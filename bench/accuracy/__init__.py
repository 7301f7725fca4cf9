"""How well returns are read: simulated returns through the reader, counted, with 95 % bounds."""
