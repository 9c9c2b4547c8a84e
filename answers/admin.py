"""Lists of answers, their edits, second opinions, what is asked back; what is done with them is done on the desk."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from answers.models import Answer, AnswerRevision, FactAsked, FactGiven, SecondOpinion
from core.admin import ModeratedAdmin


@admin.register(Answer)
class AnswerAdmin(ModeratedAdmin):
    list_display = ("id", "__str__", "doctor", "question", "stance", "state", "submitted_at")
    list_display_links = ("id", "__str__")
    list_filter = ("state", "stance", "is_imported")
    list_select_related = ("doctor", "question")
    search_fields = ("id__exact", "summary", "doctor__name")


@admin.register(AnswerRevision)
class AnswerRevisionAdmin(ModeratedAdmin):
    list_display = ("id", "summary", "answer_id", "number", "state", "submitted_at")
    list_display_links = ("id", "summary")
    list_filter = ("state",)
    search_fields = ("id__exact", "answer__id__exact", "summary")


@admin.register(SecondOpinion)
class SecondOpinionAdmin(ModeratedAdmin):
    list_display = ("id", "__str__", "kind", "doctor", "answer_id", "stance", "state", "submitted_at")
    list_display_links = ("id", "__str__")
    list_filter = ("state", "kind", "stance")
    list_select_related = ("doctor",)
    search_fields = ("id__exact", "note", "doctor__name")


@admin.register(FactAsked)
class FactAskedAdmin(ModeratedAdmin):
    list_display = ("id", "__str__", "doctor", "question_id", "state", "submitted_at")
    list_display_links = ("id", "__str__")
    list_filter = ("state",)
    list_select_related = ("doctor",)
    search_fields = ("id__exact", "text", "doctor__name")


@admin.register(FactGiven)
class FactGivenAdmin(ModeratedAdmin):
    """Without those of askers who would rather not say."""

    list_display = ("id", "__str__", "asked_id", "state", "submitted_at")
    list_display_links = ("id", "__str__")
    list_filter = ("state",)
    search_fields = ("id__exact", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).exclude(text="")
