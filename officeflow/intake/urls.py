"""The pages on which files are read in."""

from django.urls import path

from officeflow.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.intakes, name="intakes"),
    path("new/<slug:kind>/", views.intake_new, name="intake-new"),
    path("new/<slug:kind>/template.csv", views.template, name="template"),
    path("<slug:number>/", views.intake, name="intake"),
    path("<slug:number>/progress/", views.progress, name="progress"),
    path("<slug:number>/start/", views.start, name="start"),
    path("<slug:number>/stop/", views.stop, name="stop"),
    path("<slug:number>/discard/", views.discard, name="discard"),
    path("<slug:number>/report/", views.report, name="report"),
]
