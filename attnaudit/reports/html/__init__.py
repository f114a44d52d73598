"""A run as a page for people: verdicts, pictures, the documents behind them, where it is from."""

from attnaudit.reports.html.page import render_page

__all__ = ["render_page"]
