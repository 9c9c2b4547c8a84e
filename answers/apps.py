from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "answers"
    verbose_name = "Answers"

    def ready(self) -> None:
        from answers import notifications, receivers  # noqa: F401  # connects the read model to decisions and merges
