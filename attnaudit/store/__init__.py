"""The run directory: what was measured, kept so that it can be judged and shown again."""
