"""What a patient may say of themselves."""

from django.db import models


class Stage(models.TextChoices):
    BEFORE = "before", "Considering it"
    AFTER = "after", "Had it done"


class AgeBand(models.TextChoices):
    YOUNG = "18-24", "18–24"
    TWENTIES = "25-34", "25–34"
    THIRTIES = "35-44", "35–44"
    FORTIES = "45-54", "45–54"
    FIFTIES = "55-64", "55–64"
    OLDER = "65+", "65 or older"
