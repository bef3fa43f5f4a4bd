"""Pages of the work queue."""

from django.urls import path

from backoffice.tickets import views

app_name = "tickets"
urlpatterns = [
    path("queue/<slug:department>/", views.queue, name="queue"),
    path("queue/<slug:department>/live/", views.queue_live, name="queue-live"),
    path("tickets/<slug:number>/", views.ticket, name="ticket"),
    path("tickets/<slug:number>/live/", views.ticket_live, name="ticket-live"),
    path("tickets/<slug:number>/take/", views.take, name="ticket-take"),
    path("tickets/<slug:number>/untake/", views.untake, name="ticket-untake"),
    path("tickets/<slug:number>/return/", views.return_to_desk, name="ticket-return"),
    path("tickets/<slug:number>/complete/", views.complete, name="ticket-complete"),
]
