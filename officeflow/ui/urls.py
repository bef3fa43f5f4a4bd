"""The style guide's address."""

from django.urls import path

from officeflow.ui import views

urlpatterns = [path("", views.style_guide, name="styleguide")]
