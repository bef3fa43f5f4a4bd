"""The addresses of notifications."""

from django.urls import path

from officeflow.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notification_list, name="list"),
    path("menu/", views.notification_menu, name="menu"),
    path("read/", views.notifications_read, name="read"),
]
