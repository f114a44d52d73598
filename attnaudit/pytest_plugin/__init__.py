"""The pytest plugin: options, fixtures and hooks around `attnaudit.runs`. No arithmetic here.

Loading it imports no torch: models are opened when the first audit runs.
"""

from attnaudit.pytest_plugin.early import pytest_load_initial_conftests
from attnaudit.pytest_plugin.fixtures import (
    attn_documents,
    attn_model,
    attn_subject,
    audit,
    pytest_generate_tests,
)
from attnaudit.pytest_plugin.options import pytest_addoption
from attnaudit.pytest_plugin.reporting import (
    pytest_report_header,
    pytest_runtest_makereport,
    pytest_sessionfinish,
    pytest_sessionstart,
    pytest_terminal_summary,
)
from attnaudit.pytest_plugin.session import pytest_configure, pytest_unconfigure

__all__ = [
    "attn_documents",
    "attn_model",
    "attn_subject",
    "audit",
    "pytest_addoption",
    "pytest_configure",
    "pytest_generate_tests",
    "pytest_load_initial_conftests",
    "pytest_report_header",
    "pytest_runtest_makereport",
    "pytest_sessionfinish",
    "pytest_sessionstart",
    "pytest_terminal_summary",
    "pytest_unconfigure",
]
