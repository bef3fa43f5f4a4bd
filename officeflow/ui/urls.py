"""The style guide's addresses."""

from django.urls import path

from officeflow.ui import views

urlpatterns = [
    path("", views.style_guide, name="styleguide"),
    path("lookup/", views.lookup, name="styleguide-lookup"),
    path("people/", views.people, name="styleguide-people"),
    path("clock/", views.clock, name="styleguide-clock"),
]
