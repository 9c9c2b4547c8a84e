from django.urls import path

from doctors import views
from doctors.views import applying, cases, casework, claiming, consent, consents, editing, withdrawing

app_name = "doctors"
urlpatterns = [
    path("doctors/", views.directory, name="directory"),
    path("doctors/<slug:slug>/", views.profile, name="profile"),
    path("doctors/<slug:slug>/portrait/<str:name>", views.portrait, name="portrait"),
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
    path("cases/<int:pk>/", cases.case, name="case"),
    path("desk/cases/", casework.cases, name="own-cases"),
    path("desk/cases/new/", casework.new, name="new-case"),
    path("desk/cases/<int:pk>/", casework.own, name="own-case"),
    path("desk/cases/<int:pk>/consent/", casework.consent, name="case-consent"),
    path("desk/cases/<int:pk>/facts/", casework.facts, name="case-facts"),
    path("desk/cases/<int:pk>/pictures/", casework.pictures, name="case-pictures"),
    path("desk/cases/<int:pk>/comparable/", casework.comparable, name="case-comparable"),
    path("desk/cases/<int:pk>/withdraw/", casework.withdraw, name="withdraw-case"),
    path("desk/consents/", consents.consents, name="consents"),
    path("desk/consents/new/", consents.new, name="new-consent"),
    path("desk/consents/<int:pk>/", consents.consent, name="consent"),
    path("desk/consents/<int:pk>/link/", consents.link, name="consent-link"),
    path("desk/consents/<int:pk>/revoke/", consents.revoke, name="revoke-consent"),
    path("consent/<str:token>/", consent.page, name="subject-consent"),
    path("consent/<str:token>/pictures/<str:name>", consent.picture, name="subject-picture"),
]
