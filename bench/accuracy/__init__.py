"""How well returns are read: many simulated returns through the reader, counted, with 95 % bounds."""
