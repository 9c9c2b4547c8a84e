"""Pages of one's own account: those allauth does not have, and those it has otherwise.

The latter stand before allauth's own in ``config.urls``, at the addresses its names lead to.
"""

from django.urls import path, re_path

from accounts import views
from accounts.views import told

app_name = "accounts"
urlpatterns = [
    path("me/handle/", views.handle, name="handle"),
    path("me/notifications/", told.notifications, name="notifications"),
    path("me/notifications/read/", told.read, name="notifications-read"),
    path("me/notifications/settings/", told.wishes, name="notification-settings"),
    path("me/notifications/<int:pk>/", told.notification, name="notification"),
    path("notifications/unsubscribe/<str:token>/", told.unsubscribe, name="unsubscribe"),
    path("accounts/logout/", views.SignOutView.as_view(), name="sign-out"),
    re_path(
        r"^accounts/confirm-email/(?P<key>[-:\w]+)/$",
        views.ConfirmAddressView.as_view(),
        name="confirm-address",
    ),
]
