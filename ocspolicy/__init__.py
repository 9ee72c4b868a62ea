"""Tells before the merge whether a deployment is covered by the licenses the company owns."""

__version__ = "0.1.0"
