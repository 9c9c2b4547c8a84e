from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "questions"
    verbose_name = "Questions"

    def ready(self) -> None:
        from questions import notifications, receivers  # noqa: F401  # takes part in merges of treatments
