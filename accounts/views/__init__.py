from accounts.views.own import ConfirmAddressView, SignOutView, handle

__all__ = ["ConfirmAddressView", "SignOutView", "handle"]
