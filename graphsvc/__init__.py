"""Styrgraf: a knowledge graph of Swedish governing documents, and a query service over it."""
