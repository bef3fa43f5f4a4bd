"""The audit page."""

from django.urls import path

from officeflow.administration.audit_trail import views

app_name = "audit"
urlpatterns = [path("audit/", views.trail, name="trail")]
