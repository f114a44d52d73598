"""The audits: one file per question, one test function per kind of claim.

`pytest --pyargs attnaudit.audits --model DIR` runs them wherever the package is installed. In the
repository the link `audits` leads here, and `attnaudit init` copies them for a repository of yours.
"""
