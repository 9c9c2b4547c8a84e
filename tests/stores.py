"""Stores of pictures for tests: a folder of their own, and a real bucket answered by moto on a port of this machine."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import boto3
from moto.server import ThreadedMotoServer

KEYS = {"AWS_ACCESS_KEY_ID": "of-a-test", "AWS_SECRET_ACCESS_KEY": "of-a-test"}
REGION = "us-east-1"


class Kept(NamedTuple):
    """A store: how the site is told of it, and what lies there by name, past the site."""

    setting: dict[str, Any]
    lying: Callable[[], set[str]]


def folder(path: Path) -> Kept:
    setting = {"BACKEND": "core.images.store.Folder", "OPTIONS": {"location": path}}
    return Kept(setting, lambda: {each.name for each in path.rglob("*") if each.is_file()})


@contextmanager
def s3() -> Iterator[str]:
    """Where it answers."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def bucket(address: str) -> Kept:
    """A new one. Its keys are expected in the environment (``KEYS``)."""
    name = f"pictures-{uuid.uuid4().hex}"
    client = boto3.client("s3", endpoint_url=address, region_name=REGION)
    client.create_bucket(Bucket=name)
    setting = {
        "BACKEND": "core.images.s3.Bucket",
        "OPTIONS": {"bucket_name": name, "endpoint_url": address, "region_name": REGION},
    }

    def lying() -> set[str]:
        listed = client.list_objects_v2(Bucket=name).get("Contents", [])
        return {each["Key"].rsplit("/", 1)[-1] for each in listed}

    return Kept(setting, lying)
