from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from allauth.mfa import signals
        from django.contrib.auth.signals import user_logged_in

        from accounts import middleware, notifications, second_factor  # noqa: F401  # declares what people are told

        signals.authenticator_added.connect(second_factor.keep_in_trail)
        signals.authenticator_reset.connect(second_factor.keep_in_trail)
        signals.authenticator_removed.connect(second_factor.keep_removal_in_trail)
        user_logged_in.connect(middleware.begin_session)
