from django.urls import path

from doctors import views
from doctors.views import applying, claiming, editing, replying, reviewing, reviews, withdrawing

app_name = "doctors"
urlpatterns = [
    path("doctors/", views.directory, name="directory"),
    path("doctors/<slug:slug>/", views.profile, name="profile"),
    path("doctors/<slug:slug>/portrait/<str:name>", views.portrait, name="portrait"),
    path("doctors/<slug:slug>/reviews/", reviews.of_doctor, name="reviews"),
    path("doctors/<slug:slug>/review/", reviewing.review, name="review"),
    path("treatments/<slug:slug>/reviews/", reviews.of_treatment, name="reviews-of-treatment"),
    path("me/reviews/", reviewing.mine, name="my-reviews"),
    path("me/reviews/<int:pk>/add/", reviewing.add, name="add-entry"),
    path("me/reviews/<int:pk>/visit/", reviewing.visit, name="show-visit"),
    path("me/reviews/<int:pk>/withdraw/", reviewing.withdraw_all, name="withdraw-review"),
    path("me/reviews/entries/<int:pk>/", reviewing.entry, name="review-entry"),
    path("me/reviews/entries/<int:pk>/withdraw/", reviewing.withdraw_one, name="withdraw-entry"),
    path("desk/reviews/", replying.reviews, name="desk-reviews"),
    path("desk/reviews/<int:pk>/", replying.reply, name="reply"),
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
