"""Work with pictures that is done beside the pages. Safe to run twice."""

from django_tasks import task

from core.images import files, rendering


@task()
def render_photo(pk: int) -> None:
    rendering.render_by_key(pk)


@task()
def sweep_files() -> None:
    files.sweep()
