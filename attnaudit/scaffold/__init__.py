"""What a repository needs so that its pipeline audits a model."""

from attnaudit.scaffold.files import scaffold_files
from attnaudit.scaffold.written import write_scaffold

__all__ = ["scaffold_files", "write_scaffold"]
