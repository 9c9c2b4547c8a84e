from accounts.views.own import (
    ConfirmAddressView,
    KeySignInView,
    MailedCodeView,
    SignOutView,
    handle,
    sessions,
    under_age,
)

__all__ = [
    "ConfirmAddressView",
    "KeySignInView",
    "MailedCodeView",
    "SignOutView",
    "handle",
    "sessions",
    "under_age",
]
