from django.urls import path

from doctors import views
from doctors.views import applying, cases, claiming, editing, withdrawing

app_name = "doctors"
urlpatterns = [
    path("doctors/", views.directory, name="directory"),
    path("doctors/<slug:slug>/", views.profile, name="profile"),
    path("doctors/<slug:slug>/portrait/<str:name>", views.portrait, name="portrait"),
    path("doctors/<slug:slug>/cases/", cases.cases_of_doctor, name="cases-of-doctor"),
    path("treatments/<slug:slug>/cases/", cases.cases_of_treatment, name="cases-of-treatment"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("treatments/<slug:slug>/doctors/", views.doctors_of_treatment, name="of-treatment"),
    path("desk/apply/", applying.apply, name="apply"),
    path("desk/apply/you/", applying.you, name="apply-you"),
    path("desk/apply/credentials/", applying.credentials, name="apply-credentials"),
    path("desk/apply/credentials/<int:pk>/", applying.credentials, name="apply-credential"),
    path("desk/apply/files/<int:pk>/remove/", applying.remove_file, name="apply-file"),
    path("desk/apply/places/", applying.places, name="apply-places"),
    path("desk/apply/places/<int:pk>/", applying.places, name="apply-place"),
    path("desk/apply/more/", applying.more, name="apply-more"),
    path("desk/profile/", editing.edit, name="edit"),
    path("desk/profile/withdraw/", withdrawing.edit, name="withdraw-edit"),
    path("desk/apply/withdraw/", withdrawing.application, name="withdraw"),
    path("desk/claim/<slug:slug>/", claiming.claim, name="claim"),
    path("desk/claim/<slug:slug>/withdraw/", withdrawing.claim, name="withdraw-claim"),
    path("desk/credentials/<int:pk>/", applying.renew, name="renew"),
    path("desk/apply/review/", applying.review, name="apply-review"),
]
