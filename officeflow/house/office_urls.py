"""The pages of the office's own settings."""

from django.urls import path

from officeflow.house.views import office

app_name = "company"
urlpatterns = [path("settings/", office.settings, name="settings")]
