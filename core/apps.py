from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Mechanisms"

    def ready(self) -> None:
        from django_tasks.signals import task_finished

        from core.background import try_again

        task_finished.connect(try_again)
