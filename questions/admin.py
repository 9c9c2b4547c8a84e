"""Lists of questions and of their edits; what is done with them is done on the desk."""

from django.contrib import admin

from core.admin import ModeratedAdmin
from questions.models import Question, QuestionRevision


@admin.register(Question)
class QuestionAdmin(ModeratedAdmin):
    list_display = ("id", "title", "treatment", "asker_name", "state", "risk", "submitted_at")
    list_display_links = ("id", "title")
    list_filter = ("state", "risk", "is_imported")
    list_select_related = ("treatment", "author")
    search_fields = ("id__exact", "title")


@admin.register(QuestionRevision)
class QuestionRevisionAdmin(ModeratedAdmin):
    list_display = ("id", "title", "question_id", "number", "state", "risk", "submitted_at")
    list_display_links = ("id", "title")
    list_filter = ("state",)
    search_fields = ("id__exact", "question__id__exact", "title")
