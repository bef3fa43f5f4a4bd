"""The house's own rooms. The office's settings keep the name of what they are about."""

from django.urls import path

from officeflow.house import views

app_name = "company"
urlpatterns = [path("settings/", views.settings, name="settings")]
