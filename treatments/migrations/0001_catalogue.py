import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="BodyArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=60)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=300)),
                ("publisher", models.CharField(max_length=160)),
                ("url", models.URLField(blank=True, max_length=500)),
                (
                    "dated",
                    models.CharField(
                        blank=True,
                        help_text="The document's own date: YYYY, YYYY-MM or YYYY-MM-DD",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="Treatment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("generic", models.CharField(blank=True, max_length=120, verbose_name="generic name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("injectable", "Injectable"),
                            ("topical", "Cream or solution"),
                            ("oral", "Tablet or capsule"),
                            ("energy", "Laser, light or energy device"),
                            ("surgery", "Surgery"),
                            ("procedure", "Procedure"),
                            ("dental", "Dental"),
                        ],
                        default="procedure",
                        max_length=12,
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=240)),
                ("description", models.TextField(blank=True, help_text="Markdown")),
                ("description_html", models.TextField(blank=True, editable=False)),
                (
                    "is_prescription_only",
                    models.BooleanField(blank=True, null=True, verbose_name="prescription only"),
                ),
                ("review_interval_months", models.PositiveSmallIntegerField(default=24)),
                ("emergency_signs", models.CharField(blank=True, max_length=400)),
                ("is_reviewed", models.BooleanField(default=False, verbose_name="reviewed by an editor")),
                (
                    "body_areas",
                    models.ManyToManyField(blank=True, related_name="treatments", to="treatments.bodyarea"),
                ),
                (
                    "emergency_source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="treatments.source",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="treatments.treatment",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Caution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pregnancy", "Pregnancy"),
                            ("breastfeeding", "Breast-feeding"),
                            ("anticoagulants", "Blood thinners"),
                            ("neuromuscular", "Muscle and nerve disease"),
                            ("allergy", "Allergy"),
                            ("infection", "Infection"),
                            ("autoimmune", "Autoimmune disease"),
                            ("age", "Age"),
                            ("scarring", "Scarring"),
                            ("pigment", "Darker skin and pigment"),
                            ("sun", "Sun"),
                            ("implants", "Implants and devices in the body"),
                            ("smoking", "Smoking"),
                            ("other", "Also know"),
                        ],
                        max_length=14,
                    ),
                ),
                ("text", models.CharField(max_length=400)),
                ("checked_on", models.DateField(blank=True, null=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="treatments.source"
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cautions",
                        to="treatments.treatment",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="TreatmentSynonym",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("brand", "Brand name"),
                            ("generic", "Generic name"),
                            ("lay", "Everyday name"),
                            ("abbreviation", "Abbreviation"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="synonyms",
                        to="treatments.treatment",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "name"],
            },
        ),
        migrations.CreateModel(
            name="TreatmentUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80)),
                ("name", models.CharField(max_length=120)),
                ("lay_name", models.CharField(blank=True, max_length=160)),
                ("summary", models.CharField(blank=True, max_length=300)),
                (
                    "body_area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="treatments.bodyarea",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="treatments.treatment",
                    ),
                ),
            ],
            options={
                "ordering": ["body_area__position", "name"],
            },
        ),
        migrations.CreateModel(
            name="LabelStatus",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "jurisdiction",
                    models.CharField(
                        choices=[
                            ("US", "United States"),
                            ("EU", "European Union"),
                            ("GB", "United Kingdom"),
                            ("CA", "Canada"),
                            ("AU", "Australia"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("approved", "Approved"),
                            ("cleared", "Cleared"),
                            ("off_label", "Off-label"),
                            ("not_permitted", "Not permitted"),
                        ],
                        max_length=14,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("checked_on", models.DateField(blank=True, null=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="treatments.source"
                    ),
                ),
                (
                    "use",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="labels",
                        to="treatments.treatmentuse",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "label statuses",
                "ordering": ["jurisdiction"],
            },
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("name"), name="treatments_treatment_name_is_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True),
                    models.Q(("parent", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="treatments_treatment_is_not_its_own_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("emergency_signs", ""), ("emergency_source__isnull", False), _connector="OR"
                ),
                name="treatments_treatment_emergency_signs_have_a_source",
                violation_error_message="Emergency signs need the document they come from.",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatmentsynonym",
            constraint=models.UniqueConstraint(
                models.F("treatment"),
                django.db.models.functions.text.Lower("name"),
                name="treatments_treatmentsynonym_once_per_treatment",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatmentuse",
            constraint=models.UniqueConstraint(
                fields=("treatment", "slug"), name="treatments_treatmentuse_slug_per_treatment"
            ),
        ),
        migrations.AddConstraint(
            model_name="labelstatus",
            constraint=models.UniqueConstraint(
                fields=("use", "jurisdiction"), name="treatments_labelstatus_one_per_jurisdiction"
            ),
        ),
    ]
