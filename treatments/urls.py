from django.urls import path

from treatments import views

app_name = "treatments"
urlpatterns = [
    path("treatments/", views.index, name="index"),
    path("treatments/<slug:slug>/", views.guide, name="guide"),
    path("treatments/<slug:slug>/uses/", views.uses, name="uses"),
    path("treatments/<slug:slug>/uses/<slug:use>/", views.use, name="use"),
]
