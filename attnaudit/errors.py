"""Everything attnaudit raises on purpose.

AttnAuditError
├── InvalidArgumentError (ValueError)   an argument has the wrong shape, range or kind
│   └── NotDifferentiableError          the model's probabilities have no gradient
├── UsageError (ValueError)             what the user asked for cannot be done as asked
│   ├── ClaimError                      a claims file says something impossible
│   └── DataError                       documents cannot be read or do not fit
├── ModelError (ValueError)             a model directory or factory cannot be loaded
├── PreflightError (RuntimeError)       the instrument is broken: no verdict may be given
├── MissingExtraError (ImportError)     an optional dependency is not installed
└── InternalError (RuntimeError)        attnaudit contradicts itself: please report it
"""


class AttnAuditError(Exception):
    """Base of every error that attnaudit raises on purpose."""


class InvalidArgumentError(AttnAuditError, ValueError):
    """An argument has the wrong shape, range or kind. Pass what the message asks for."""


class NotDifferentiableError(InvalidArgumentError):
    """Nothing leads from the probabilities back to what they should be differentiated by."""


class UsageError(AttnAuditError, ValueError):
    """The request cannot be carried out as given. Change the option or file that is named."""


class ClaimError(UsageError):
    """A claims file has an unknown key, a wrong type or an impossible threshold. Edit it."""


class DataError(UsageError):
    """Documents are missing, unreadable or do not fit the model. Mend or choose other documents."""


class ModelError(AttnAuditError, ValueError):
    """A model cannot be loaded safely. Export it again in the documented directory format."""


class PreflightError(AttnAuditError, RuntimeError):
    """The model cannot be measured as it stands, so any number would mislead. Mend the model."""


class MissingExtraError(AttnAuditError, ImportError):
    """An optional dependency is missing. Install the extra that the message names."""


class InternalError(AttnAuditError, RuntimeError):
    """A result failed its own check. No verdict is given; please report the message."""
