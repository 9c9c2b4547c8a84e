"""The catalogue as files beside this one, and the way from them into the tables."""

from treatments.catalogue.entries import CatalogueError, Changes
from treatments.catalogue.writing import load

__all__ = ["CatalogueError", "Changes", "load"]
