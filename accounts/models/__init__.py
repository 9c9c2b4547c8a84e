"""People with accounts: who they are, what they are told, where they are signed in, what they agreed to."""

from accounts.models.privacy import Consent, DataExport, Erasure
from accounts.models.sanction import REASON_LENGTH, Sanction
from accounts.models.session import Session
from accounts.models.telling import Letter, Notification, Wish
from accounts.models.user import User, UserManager

__all__ = [
    "REASON_LENGTH",
    "Consent",
    "DataExport",
    "Erasure",
    "Letter",
    "Notification",
    "Sanction",
    "Session",
    "User",
    "UserManager",
    "Wish",
]
