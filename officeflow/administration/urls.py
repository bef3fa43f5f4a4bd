"""The administration's index. The pages that it links to are named after their own apps."""

from django.urls import path

from officeflow.administration.views import index

app_name = "administration"
urlpatterns = [
    path("", index.index, name="index"),
    path("checklist/hide/", index.checklist_hide, name="checklist-hide"),
    path("checklist/show/", index.checklist_show, name="checklist-show"),
]
