"""Reviews, what doctors reply to them, and what shows that somebody was there.

The database knows which entry of a review is the last that is published, lets nobody review themselves, and keeps a
published entry as it is. As everywhere, nothing becomes public by an UPDATE without a decision.
"""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

DECIDED = ("doctors_reviewentry", "doctors_reviewreply", "doctors_visitproof")
BY_DECISION = """
CREATE TRIGGER {table}_public_by_decision BEFORE UPDATE OF state ON {table} FOR EACH ROW
    WHEN (NEW.state = 'published' AND OLD.state <> 'published'
          AND NEW.moderated_at IS NOT DISTINCT FROM OLD.moderated_at)
    EXECUTE FUNCTION core_refuse_undecided();
"""
LATEST = """
CREATE FUNCTION doctors_review_knows_its_latest() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    concerned bigint;
BEGIN
    FOREACH concerned IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.review_id]
        WHEN 'DELETE' THEN ARRAY[OLD.review_id]
        ELSE ARRAY[OLD.review_id, NEW.review_id] END
    LOOP
        UPDATE doctors_review SET latest_id = (
            SELECT max(id) FROM doctors_reviewentry WHERE review_id = concerned AND state = 'published'
        ) WHERE id = concerned;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER doctors_reviewentry_latest AFTER INSERT OR DELETE OR UPDATE OF state, review_id
    ON doctors_reviewentry FOR EACH ROW EXECUTE FUNCTION doctors_review_knows_its_latest();
"""
NO_LATEST = """
DROP TRIGGER doctors_reviewentry_latest ON doctors_reviewentry;
DROP FUNCTION doctors_review_knows_its_latest();
"""
FIXED = """
CREATE FUNCTION doctors_refuse_rewritten_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is published of a review is corrected by a later entry alone'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER doctors_reviewentry_stays_as_it_is BEFORE UPDATE ON doctors_reviewentry FOR EACH ROW
    WHEN (OLD.state = 'published' AND (
        (OLD.verdict, OLD.weighed, OLD.text, OLD.day, OLD.currency) IS DISTINCT FROM
        (NEW.verdict, NEW.weighed, NEW.text, NEW.day, NEW.currency)
        OR (OLD.explained, OLD.listened, OLD.as_told, OLD.looked_after, OLD.paid_in) IS DISTINCT FROM
        (NEW.explained, NEW.listened, NEW.as_told, NEW.looked_after, NEW.paid_in)))
    EXECUTE FUNCTION doctors_refuse_rewritten_review();
"""
NOT_FIXED = """
DROP TRIGGER doctors_reviewentry_stays_as_it_is ON doctors_reviewentry;
DROP FUNCTION doctors_refuse_rewritten_review();
"""
NOBODY_THEMSELVES = """
CREATE FUNCTION doctors_refuse_own_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM doctors_doctor WHERE id = NEW.doctor_id AND user_id = NEW.author_id) THEN
        RAISE EXCEPTION 'nobody reviews themselves' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER doctors_review_of_somebody_else BEFORE INSERT OR UPDATE OF author_id, doctor_id
    ON doctors_review FOR EACH ROW EXECUTE FUNCTION doctors_refuse_own_review();
"""
ANYBODY = """
DROP TRIGGER doctors_review_of_somebody_else ON doctors_review;
DROP FUNCTION doctors_refuse_own_review();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0016_photos_and_their_files"),
        ("doctors", "0017_galleries_of_a_use_in_order"),
        ("treatments", "0004_merged_treatments_redirect"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alias",
                    models.CharField(blank=True, help_text="A name for this review alone", max_length=40),
                ),
                ("treated_on", models.DateField(verbose_name="day of the treatment")),
                (
                    "declaration",
                    models.CharField(
                        help_text="The version of the text its author agreed to",
                        max_length=20,
                        verbose_name="declaration",
                    ),
                ),
                ("declared_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "doctor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="doctors.doctor",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="treatments.treatment",
                    ),
                ),
                (
                    "use",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="treatments.treatmentuse",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReviewEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("pending", "Awaiting review"),
                            ("published", "Published"),
                            ("rejected", "Rejected"),
                            ("removed", "Removed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "risk",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, help_text="0 none … 3 look at once"
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("moderated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("moderation_reason", models.TextField(blank=True, editable=False)),
                ("day", models.PositiveIntegerField(editable=False, verbose_name="days after the treatment")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("worth_it", "Worth it"),
                            ("not_sure", "Not sure"),
                            ("not_worth_it", "Not worth it"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "weighed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("result", "How it turned out"),
                                ("lasting", "How long it lasts"),
                                ("recovery", "Recovery and time off"),
                                ("pain", "Pain"),
                                ("side_effects", "Side effects or complications"),
                                ("price", "What it cost"),
                                ("explained", "Whether it was as explained"),
                                ("care", "How I was looked after"),
                                ("early", "Too early to say"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="what it rests on",
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="in their own words")),
                (
                    "explained",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="explained the risks"
                    ),
                ),
                (
                    "listened",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="listened"),
                ),
                (
                    "as_told",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="the result was as told"
                    ),
                ),
                (
                    "looked_after",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="looked after me afterwards"
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=3)),
                (
                    "paid_in",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year of paying"),
                ),
                (
                    "moderated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="doctors.review",
                    ),
                ),
            ],
            options={
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
                "ordering": ["review", "id"],
                "abstract": False,
                "default_permissions": ("view", "moderate"),
            },
        ),
        migrations.CreateModel(
            name="ReviewCost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("surgeon", "The doctor"),
                            ("facility", "The clinic or operating room"),
                            ("anaesthesia", "Anaesthesia"),
                            ("product", "Product or device"),
                            ("follow_up", "Follow-up"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=9,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="costs",
                        to="doctors.reviewentry",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="review",
            name="latest",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="doctors.reviewentry",
            ),
        ),
        migrations.CreateModel(
            name="ReviewPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="doctors.reviewentry",
                    ),
                ),
                (
                    "photo",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.photo",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReviewReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("pending", "Awaiting review"),
                            ("published", "Published"),
                            ("rejected", "Rejected"),
                            ("removed", "Removed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "risk",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, help_text="0 none … 3 look at once"
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("moderated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("moderation_reason", models.TextField(blank=True, editable=False)),
                ("text", models.CharField(max_length=1000, verbose_name="what the doctor replies")),
                ("template", models.CharField(blank=True, editable=False, max_length=20)),
                (
                    "moderated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reply", to="doctors.review"
                    ),
                ),
            ],
            options={
                "verbose_name": "reply to a review",
                "verbose_name_plural": "replies to reviews",
                "ordering": ["review"],
                "abstract": False,
                "default_permissions": ("view", "moderate"),
            },
        ),
        migrations.CreateModel(
            name="VisitProof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("pending", "Awaiting review"),
                            ("published", "Published"),
                            ("rejected", "Rejected"),
                            ("removed", "Removed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "risk",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, help_text="0 none … 3 look at once"
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("moderated_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("moderation_reason", models.TextField(blank=True, editable=False)),
                (
                    "moderated_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="proof", to="doctors.review"
                    ),
                ),
            ],
            options={
                "verbose_name": "proof of a visit",
                "verbose_name_plural": "proofs of visits",
                "ordering": ["review"],
                "abstract": False,
                "default_permissions": ("view", "moderate"),
            },
        ),
        migrations.CreateModel(
            name="VisitPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(editable=False, max_length=40, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("pdf", "PDF"), ("jpg", "JPEG"), ("png", "PNG")],
                        editable=False,
                        max_length=4,
                    ),
                ),
                ("size", models.PositiveIntegerField(editable=False)),
                ("sha256", models.CharField(editable=False, max_length=64, verbose_name="SHA-256")),
                ("kept_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "proof",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="paper",
                        to="doctors.visitproof",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="reviewentry",
            index=models.Index(
                models.OrderBy(models.F("risk"), descending=True),
                models.OrderBy(models.F("submitted_at"), nulls_first=True),
                models.OrderBy(models.F("id")),
                condition=models.Q(("state", "pending")),
                name="doctors_reviewentry_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewentry",
            index=models.Index(
                condition=models.Q(("state", "published")),
                fields=["review", "-id"],
                name="doctors_reviewentry_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moderated_at__isnull", True), ("moderated_by__isnull", True)),
                    models.Q(("moderated_at__isnull", False), ("moderated_by__isnull", False)),
                    _connector="OR",
                ),
                name="doctors_reviewentry_decided_by_somebody",
                violation_error_message="A decision needs both a person and a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "removed"]), _negated=True),
                    models.Q(("moderated_by__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="doctors_reviewentry_public_only_if_approved",
                violation_error_message="Nothing is public before a moderator approved it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "pending", "published", "rejected", "removed", "withdrawn"])
                ),
                name="doctors_reviewentry_state_is_known",
                violation_error_message="This state does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["draft", "pending"])),
                fields=("review",),
                name="doctors_reviewentry_one_at_a_time",
                violation_error_message="What you wrote last is still with a moderator. Change that instead.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["worth_it", "not_sure", "not_worth_it"])),
                name="doctors_reviewentry_verdict_is_known",
                violation_error_message="Choose whether it was worth it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "weighed__contained_by",
                        [
                            "result",
                            "lasting",
                            "recovery",
                            "pain",
                            "side_effects",
                            "price",
                            "explained",
                            "care",
                            "early",
                        ],
                    )
                ),
                name="doctors_reviewentry_rests_on_what_is_listed",
                violation_error_message="Choose from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="doctors_reviewentry_says_something",
                violation_error_message="Say in a few words how it was.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("explained__isnull", True), ("explained__range", (1, 5)), _connector="OR"
                ),
                name="doctors_reviewentry_explained_is_of_five",
                violation_error_message="A rating is a number from 1 to 5.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("listened__isnull", True), ("listened__range", (1, 5)), _connector="OR"),
                name="doctors_reviewentry_listened_is_of_five",
                violation_error_message="A rating is a number from 1 to 5.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("as_told__isnull", True), ("as_told__range", (1, 5)), _connector="OR"),
                name="doctors_reviewentry_as_told_is_of_five",
                violation_error_message="A rating is a number from 1 to 5.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("looked_after__isnull", True), ("looked_after__range", (1, 5)), _connector="OR"
                ),
                name="doctors_reviewentry_looked_after_is_of_five",
                violation_error_message="A rating is a number from 1 to 5.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("currency", ""), ("paid_in__isnull", True)),
                    models.Q(("currency__regex", "^[A-Z]{3}$"), ("paid_in__gte", 1990)),
                    _connector="OR",
                ),
                name="doctors_reviewentry_costs_have_a_currency_and_a_year",
                violation_error_message="For costs, give the currency and the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcost",
            constraint=models.UniqueConstraint(
                fields=("entry", "part"), name="doctors_reviewcost_each_part_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcost",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("part__in", ["surgeon", "facility", "anaesthesia", "product", "follow_up"])
                ),
                name="doctors_reviewcost_part_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcost",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0), ("amount__lte", 1000000)),
                name="doctors_reviewcost_is_an_amount",
                violation_error_message="An amount lies between nothing and a million.",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("latest__isnull", False)),
                fields=["doctor", "-id"],
                name="doctors_review_of_doctor",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("latest__isnull", False)),
                fields=["treatment", "-id"],
                name="doctors_review_of_treatment",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                fields=("author", "doctor", "treatment"),
                name="doctors_review_one_per_person_doctor_and_treatment",
                violation_error_message="You have reviewed this doctor for this treatment already. Add to that review instead.",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("declaration", ""), _negated=True),
                name="doctors_review_is_declared",
                violation_error_message="Confirm that this is your own experience.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewphoto",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("entry", "position"),
                name="doctors_reviewphoto_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewreply",
            index=models.Index(
                models.OrderBy(models.F("risk"), descending=True),
                models.OrderBy(models.F("submitted_at"), nulls_first=True),
                models.OrderBy(models.F("id")),
                condition=models.Q(("state", "pending")),
                name="doctors_reviewreply_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moderated_at__isnull", True), ("moderated_by__isnull", True)),
                    models.Q(("moderated_at__isnull", False), ("moderated_by__isnull", False)),
                    _connector="OR",
                ),
                name="doctors_reviewreply_decided_by_somebody",
                violation_error_message="A decision needs both a person and a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "removed"]), _negated=True),
                    models.Q(("moderated_by__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="doctors_reviewreply_public_only_if_approved",
                violation_error_message="Nothing is public before a moderator approved it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "pending", "published", "rejected", "removed", "withdrawn"])
                ),
                name="doctors_reviewreply_state_is_known",
                violation_error_message="This state does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewreply",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="doctors_reviewreply_says_something",
                violation_error_message="Write what you reply.",
            ),
        ),
        migrations.AddIndex(
            model_name="visitproof",
            index=models.Index(
                models.OrderBy(models.F("risk"), descending=True),
                models.OrderBy(models.F("submitted_at"), nulls_first=True),
                models.OrderBy(models.F("id")),
                condition=models.Q(("state", "pending")),
                name="doctors_visitproof_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitproof",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moderated_at__isnull", True), ("moderated_by__isnull", True)),
                    models.Q(("moderated_at__isnull", False), ("moderated_by__isnull", False)),
                    _connector="OR",
                ),
                name="doctors_visitproof_decided_by_somebody",
                violation_error_message="A decision needs both a person and a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitproof",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["published", "removed"]), _negated=True),
                    models.Q(("moderated_by__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="doctors_visitproof_public_only_if_approved",
                violation_error_message="Nothing is public before a moderator approved it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitproof",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "pending", "published", "rejected", "removed", "withdrawn"])
                ),
                name="doctors_visitproof_state_is_known",
                violation_error_message="This state does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["pdf", "jpg", "png"])),
                name="doctors_visitpaper_kind_is_known",
                violation_error_message="Evidence is a PDF, a JPEG or a PNG.",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$"), ("size__gt", 0)),
                name="doctors_visitpaper_is_told_apart_by_its_content",
                violation_error_message="A file of evidence has a size and a digest.",
            ),
        ),
        *(
            migrations.RunSQL(
                BY_DECISION.format(table=table), f"DROP TRIGGER {table}_public_by_decision ON {table}"
            )
            for table in DECIDED
        ),
        migrations.RunSQL(LATEST, NO_LATEST),
        migrations.RunSQL(FIXED, NOT_FIXED),
        migrations.RunSQL(NOBODY_THEMSELVES, ANYBODY),
    ]
