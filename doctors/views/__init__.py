"""The directory and the profiles; how somebody becomes a doctor here."""

from doctors.views.public import directory, doctors_of_treatment, portrait, profile

__all__ = ["directory", "doctors_of_treatment", "portrait", "profile"]
