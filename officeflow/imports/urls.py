"""The pages of imports."""

from django.urls import path

from officeflow.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.import_files, name="files"),
    path("new/<slug:kind>/", views.import_new, name="new"),
    path("new/<slug:kind>/template.csv", views.template, name="template"),
    path("<slug:number>/", views.import_file, name="file"),
    path("<slug:number>/progress/", views.progress, name="progress"),
    path("<slug:number>/layout/", views.layout, name="layout"),
    path("<slug:number>/check/", views.check, name="check"),
    path("<slug:number>/columns/", views.columns, name="columns"),
    path("<slug:number>/choose/", views.choose, name="choose"),
    path("<slug:number>/start/", views.start, name="start"),
    path("<slug:number>/stop/", views.stop, name="stop"),
    path("<slug:number>/discard/", views.discard, name="discard"),
    path("<slug:number>/report/", views.report, name="report"),
]
