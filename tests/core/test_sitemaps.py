"""Addresses in sitemaps stand on the configured origin, whoever asks."""

import pytest

from core.sitemaps import PublicSitemap


@pytest.mark.parametrize(
    ("origin", "protocol", "domain"),
    [
        ("https://candor.example", "https", "candor.example"),
        ("http://127.0.0.1:8000", "http", "127.0.0.1:8000"),
    ],
)
def test_origin(settings, origin: str, protocol: str, domain: str) -> None:
    settings.SITE_ORIGIN = origin
    assert PublicSitemap().get_protocol("ftp") == protocol
    assert PublicSitemap().get_domain() == domain
