"""The pages of attachments."""

from django.urls import path

from officeflow.attachments import views

app_name = "attachments"
urlpatterns = [
    path("of/<slug:kind>/<slug:holder>/", views.files_of, name="of"),
    path("of/<slug:kind>/<slug:holder>/add/", views.file_add, name="add"),
    path("<slug:number>/", views.file_show, name="file"),
    path("<slug:number>/small/", views.file_small, name="small"),
    path("<slug:number>/remove/", views.file_remove, name="remove"),
    path("<slug:number>/drop/", views.file_drop, name="drop"),
]
