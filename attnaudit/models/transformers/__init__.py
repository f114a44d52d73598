"""Classifiers of the transformers library as an `AttentionModel`, without copying its code."""
