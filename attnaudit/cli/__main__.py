"""python -m attnaudit.cli."""

from attnaudit.cli import app

app()
