"""Work beside the pages, as administrators see it: what waits, what was given up and why, and once more."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from core.admin import ReadOnlyAdmin
from core.background import TRIES, reason_of, start_over

admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class TaskAdmin(ReadOnlyAdmin):
    list_display = ("task_name", "stands", "tries", "enqueued_at", "finished_at", "reason")
    list_filter = ("status",)
    ordering = ("-enqueued_at",)
    actions = ("try_again",)
    fields = (*list_display, "args_kwargs", "traceback")
    readonly_fields = fields

    @admin.display(description="Stands")
    def stands(self, task: DBTaskResult) -> str:
        if task.status == TaskResultStatus.FAILED:
            return "Given up"
        if task.status == TaskResultStatus.READY and task.worker_ids:
            return f"To be tried again from {task.run_after:%H:%M} on"
        return str(task.get_status_display())

    @admin.display(description=f"Tries of {TRIES}")
    def tries(self, task: DBTaskResult) -> int:
        return len(task.worker_ids)

    @admin.display(description="What went wrong last")
    def reason(self, task: DBTaskResult) -> str:
        return reason_of(task)

    @admin.action(description="Try those that were given up again", permissions=["again"])
    def try_again(self, request: HttpRequest, tasks: Any) -> None:
        number = start_over(tasks)
        messages.success(request, f"{number} given up before will be tried again.")

    def has_again_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)
