"""Runs made readable. Nothing here knows a model, so a stored run can be shown again anywhere."""
