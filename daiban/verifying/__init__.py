"""Reading back: returned files into verdicts, filed and shown."""
