from django.urls import path

from answers import feeds, views

app_name = "answers"
urlpatterns = [
    path("questions/", views.thread_list, name="list"),
    path("questions/feed/", feeds.NewestThreads(), name="feed"),
    path("questions/<int:pk>/", views.thread, name="thread-short"),
    path("questions/<int:pk>/card-<slug:version>.png", views.card, name="card"),
    path("questions/<int:pk>/feed/", feeds.ThreadAnswers(), name="thread-feed"),
    path("questions/<int:pk>/answer/", views.write, name="write"),
    path("questions/<int:pk>/save/", views.save, name="save"),
    path("questions/<int:pk>/follow/", views.follow_thread, name="follow"),
    path("questions/<int:pk>/<str:slug>/", views.thread, name="thread"),
    path("treatments/<slug:slug>/questions/", views.threads_of_treatment, name="of-treatment"),
    path("treatments/<slug:slug>/uses/uses.csv", views.uses_csv, name="uses-csv"),
    path("treatments/<slug:slug>/feed/", feeds.TreatmentThreads(), name="treatment-feed"),
    path("treatments/<slug:slug>/follow/", views.follow_treatment, name="follow-treatment"),
    path("doctors/<slug:slug>/answers/", views.answers_of_doctor, name="of-doctor"),
    path("answers/<int:pk>/", views.answer, name="answer"),
    path("answers/<int:pk>/history/", views.history, name="history"),
    path("answers/<int:pk>/edit/", views.edit, name="edit"),
    path("answers/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("answers/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("answers/<int:pk>/helpful/", views.helpful, name="helpful"),
    path("answers/<int:pk>/settled/", views.accept, name="accept"),
    path("me/", views.mine, name="mine"),
    path("me/questions/<int:pk>/afterwards/", views.afterwards, name="afterwards"),
    path("me/saved/", views.saved, name="saved"),
    path("me/saved/here/", views.kept_here, name="kept-here"),
    path("me/follows/", views.follows, name="follows"),
    path("me/packet/", views.packet, name="packet"),
    path("answers/<int:pk>/second-opinion/", views.second_opinion, name="second-opinion"),
    path("desk/", views.desk, name="desk"),
]
