from django.apps import AppConfig


class DoctorsConfig(AppConfig):
    name = "doctors"
    verbose_name = "Doctors"

    def ready(self) -> None:
        from doctors import notifications, receivers  # noqa: F401  # takes part in merges of treatments
