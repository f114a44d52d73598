"""Explanations computed from attention, which are no part of a network and cannot be replaced."""
