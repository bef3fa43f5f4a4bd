"""The addresses of fulfilment, which otherwise works in the ticket queue."""

from django.urls import path

from backoffice.fulfilment import views

app_name = "fulfilment"
urlpatterns = [
    path("rush/<slug:number>/accept/", views.rush_accept, name="rush-accept"),
    path("rush/<slug:number>/refuse/", views.rush_refuse, name="rush-refuse"),
]
