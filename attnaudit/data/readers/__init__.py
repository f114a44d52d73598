"""One file per format: each turns a path into rows, and knows nothing of documents or splits."""
