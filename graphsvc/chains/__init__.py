"""Chains: how two things hang together, and the responsibility chain of one, with every step and its passage."""

from graphsvc.chains.model import Chain, Chains, Edge, Node, ResponsibilityChain, Step
from graphsvc.chains.search import between
from graphsvc.chains.tracing import responsibility

__all__ = ["Chain", "Chains", "Edge", "Node", "ResponsibilityChain", "Step", "between", "responsibility"]
