from django.urls import path

from doctors import views

app_name = "doctors"
urlpatterns = [
    path("doctors/", views.directory, name="directory"),
    path("doctors/<slug:slug>/", views.profile, name="profile"),
    path("doctors/<slug:slug>/portrait/<str:name>", views.portrait, name="portrait"),
    path("treatments/<slug:slug>/doctors/", views.doctors_of_treatment, name="of-treatment"),
]
