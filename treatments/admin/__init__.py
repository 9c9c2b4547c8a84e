"""The catalogue in the admin, and the merging of two treatments that are one."""

from treatments.admin.catalogue import CatalogueAdmin

__all__ = ["CatalogueAdmin"]
