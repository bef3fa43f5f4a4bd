"""Signing in and out, one's own place and password, and the people page."""

from django.urls import path

from officeflow.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password_change, name="password-change"),
    path("password/changed/", views.password_changed, name="password-changed"),
]
