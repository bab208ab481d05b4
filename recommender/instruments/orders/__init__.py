"""The same question with the candidates, or the purchases, in other orders."""
