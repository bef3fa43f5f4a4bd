"""The addresses of drafts."""

from django.urls import path

from officeflow.drafts import views

app_name = "drafts"
urlpatterns = [
    path("", views.draft_list, name="list"),
    path("save/", views.save, name="save"),
    path("<uuid:key>/", views.draft, name="draft"),
    path("<uuid:key>/text/", views.text, name="text"),
    path("<uuid:key>/discard/", views.discard, name="discard"),
]
