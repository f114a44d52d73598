"""What is measured: one bounded value per document, never a threshold.

Each measurement is a function of a model, a batch of documents and a site that returns the rows
to store. It knows no claim: the same rows serve every threshold.
"""
