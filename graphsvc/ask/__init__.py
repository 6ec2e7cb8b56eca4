"""Asking in plain words: a Swedish or English sentence becomes one named question with its parameters, and is answered."""

from graphsvc.ask.asked import Asked, Found, Named, Proof, Understood
from graphsvc.ask.asking import ask

__all__ = ["Asked", "Found", "Named", "Proof", "Understood", "ask"]
