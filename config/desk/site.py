from django.contrib.admin import AdminSite


class ModerationDesk(AdminSite):
    """The admin, whose first page is the queue."""
