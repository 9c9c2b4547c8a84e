"""The fixed vocabularies of the catalogue."""

from django.db import models


class Kind(models.TextChoices):
    INJECTABLE = "injectable", "Injectable"
    TOPICAL = "topical", "Cream or solution"
    ORAL = "oral", "Tablet or capsule"
    ENERGY = "energy", "Laser, light or energy device"
    SURGERY = "surgery", "Surgery"
    PROCEDURE = "procedure", "Procedure"
    DENTAL = "dental", "Dental"


class SynonymKind(models.TextChoices):
    BRAND = "brand", "Brand name"
    GENERIC = "generic", "Generic name"
    LAY = "lay", "Everyday name"
    ABBREVIATION = "abbreviation", "Abbreviation"


class Jurisdiction(models.TextChoices):
    US = "US", "United States"
    EU = "EU", "European Union"
    GB = "GB", "United Kingdom"
    CA = "CA", "Canada"
    AU = "AU", "Australia"


class Status(models.TextChoices):
    """What a regulator says of one use of one product."""

    APPROVED = "approved", "Approved"
    CLEARED = "cleared", "Cleared"
    OFF_LABEL = "off_label", "Off-label"
    NOT_PERMITTED = "not_permitted", "Not permitted"


class CautionKind(models.TextChoices):
    PREGNANCY = "pregnancy", "Pregnancy"
    BREASTFEEDING = "breastfeeding", "Breast-feeding"
    ANTICOAGULANTS = "anticoagulants", "Blood thinners"
    NEUROMUSCULAR = "neuromuscular", "Muscle and nerve disease"
    ALLERGY = "allergy", "Allergy"
    INFECTION = "infection", "Infection"
    AUTOIMMUNE = "autoimmune", "Autoimmune disease"
    AGE = "age", "Age"
    SCARRING = "scarring", "Scarring"
    PIGMENT = "pigment", "Darker skin and pigment"
    SUN = "sun", "Sun"
    IMPLANTS = "implants", "Implants and devices in the body"
    SMOKING = "smoking", "Smoking"
    OTHER = "other", "Also know"
