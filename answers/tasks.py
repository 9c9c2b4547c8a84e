"""Work of this floor that is done beside the pages."""

from django_tasks import task

from answers import routing


@task()
def route_questions() -> None:
    """Whatever is due. Safe to run twice."""
    routing.route_questions()
