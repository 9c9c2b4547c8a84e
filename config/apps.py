from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    name = "config"
    verbose_name = "Candor"

    def ready(self) -> None:
        from config import notifications  # noqa: F401  # declares what people are told
        from config.desk.reasons import load_reasons
        from config.holding.setup import set_up
        from config.roles import keep_moderators_group

        set_up()
        post_migrate.connect(keep_moderators_group, dispatch_uid="keep_moderators_group")
        post_migrate.connect(load_reasons, sender=apps.get_app_config("core"), dispatch_uid="load_reasons")


class DeskConfig(AdminConfig):
    """Django's admin with the moderation queue as its first page."""

    default_site = "config.desk.site.ModerationDesk"
