"""The pages of the office's settings."""

from django.urls import path

from officeflow.administration.views import hours, office, sites

app_name = "company"
urlpatterns = [
    path("settings/", office.settings, name="settings"),
    path("hours/", hours.hours, name="hours"),
    path("hours/closed/", hours.closure_add, name="closure-add"),
    path("hours/open/", hours.closure_remove, name="closure-remove"),
    path("sites/", sites.sites, name="sites"),
    path("sites/<str:code>/", sites.site, name="site"),
]
