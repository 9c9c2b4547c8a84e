"""Copies are made by the worker, beside the pages."""

from __future__ import annotations

from django_tasks import task

from config.privacy import copies


@task()
def make_copy(pk: int) -> None:
    """Safe to run twice."""
    copies.make(pk)
