"""The addresses of the work queue."""

from django.urls import path, register_converter

from backoffice.tickets import views
from backoffice.tickets.converters import DepartmentConverter

register_converter(DepartmentConverter, "department")

app_name = "tickets"
urlpatterns = [
    path("queue/<department:department>/", views.queue, name="queue"),
    path("queue/<department:department>/live/", views.queue_live, name="queue-live"),
    path("queue/<department:department>/bulk/", views.bulk, name="bulk"),
    path("queue/<department:department>/undo/", views.bulk_undo, name="bulk-undo"),
    path("queue/<department:department>/views/", views.saved_views, name="saved-views"),
    path("queue/<department:department>/views/<slug:key>/", views.saved_view, name="saved-view"),
    path(
        "queue/<department:department>/views/<slug:key>/default/",
        views.saved_view_default,
        name="saved-view-default",
    ),
    path(
        "queue/<department:department>/views/<slug:key>/remove/",
        views.saved_view_remove,
        name="saved-view-remove",
    ),
    path("tickets/<slug:number>/", views.ticket, name="ticket"),
    path("tickets/<slug:number>/live/", views.ticket_live, name="ticket-live"),
    path("tickets/<slug:number>/next/", views.next_ticket, name="ticket-next"),
    path("tickets/<slug:number>/previous/", views.previous_ticket, name="ticket-previous"),
    path("tickets/<slug:number>/take/", views.take, name="ticket-take"),
    path("tickets/<slug:number>/untake/", views.untake, name="ticket-untake"),
    path("tickets/<slug:number>/take-over/", views.take_over, name="ticket-take-over"),
    path("tickets/<slug:number>/reassign/", views.reassign, name="ticket-reassign"),
    path("tickets/<slug:number>/hold/", views.hold, name="ticket-hold"),
    path("tickets/<slug:number>/resume/", views.resume, name="ticket-resume"),
    path("tickets/<slug:number>/priority/", views.priority, name="ticket-priority"),
    path("tickets/<slug:number>/return/", views.return_to_desk, name="ticket-return"),
    path("tickets/<slug:number>/complete/", views.complete, name="ticket-complete"),
    path("tickets/<slug:number>/reopen/", views.reopen, name="ticket-reopen"),
    path("tickets/<slug:number>/comment/", views.comment, name="ticket-comment"),
    path("tickets/<slug:number>/people/", views.people, name="ticket-people"),
    path("return-reasons/", views.reasons, name="reasons"),
    path("return-reasons/new/", views.reason_new, name="reason-new"),
    path("return-reasons/<slug:code>/", views.reason, name="reason"),
    path("goals/", views.goals, name="goals"),
]
