from django.urls import path

from questions import views

app_name = "questions"
urlpatterns = [
    path("questions/ask/", views.ask, name="ask"),
    path("questions/<int:pk>/edit/", views.edit, name="edit"),
    path("questions/<int:pk>/photos/<int:photo>/remove/", views.remove_photo, name="remove-photo"),
    path("questions/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
