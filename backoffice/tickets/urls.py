"""Pages of the work queue."""

from django.urls import path

from backoffice.tickets import views

app_name = "tickets"
urlpatterns = [
    path("queue/<slug:department>/", views.queue, name="queue"),
    path("queue/<slug:department>/live/", views.queue_live, name="queue-live"),
    path("queue/<slug:department>/bulk/", views.bulk, name="bulk"),
    path("queue/<slug:department>/views/", views.views, name="views"),
    path("queue/<slug:department>/views/<slug:key>/", views.view_change, name="view-change"),
    path(
        "queue/<slug:department>/views/<slug:key>/default/", views.view_default, name="view-default"
    ),
    path("queue/<slug:department>/views/<slug:key>/remove/", views.view_remove, name="view-remove"),
    path("tickets/<slug:number>/", views.ticket, name="ticket"),
    path("tickets/<slug:number>/live/", views.ticket_live, name="ticket-live"),
    path("tickets/<slug:number>/next/", views.turn, {"step": 1}, name="ticket-next"),
    path("tickets/<slug:number>/previous/", views.turn, {"step": -1}, name="ticket-previous"),
    path("tickets/<slug:number>/take/", views.take, name="ticket-take"),
    path("tickets/<slug:number>/untake/", views.untake, name="ticket-untake"),
    path("tickets/<slug:number>/steal/", views.steal, name="ticket-steal"),
    path("tickets/<slug:number>/reassign/", views.reassign, name="ticket-reassign"),
    path("tickets/<slug:number>/hold/", views.hold, name="ticket-hold"),
    path("tickets/<slug:number>/resume/", views.resume, name="ticket-resume"),
    path("tickets/<slug:number>/priority/", views.priority, name="ticket-priority"),
    path("tickets/<slug:number>/return/", views.return_to_desk, name="ticket-return"),
    path("tickets/<slug:number>/complete/", views.complete, name="ticket-complete"),
    path("tickets/<slug:number>/comment/", views.comment, name="ticket-comment"),
    path("tickets/<slug:number>/people/", views.people, name="ticket-people"),
    path("news/", views.news_page, name="news"),
    path("news/bell/", views.bell, name="news-bell"),
    path("news/read/", views.news_read, name="news-read"),
    path("return-reasons/", views.reasons, name="reasons"),
    path("return-reasons/new/", views.reason_new, name="reason-new"),
    path("return-reasons/<slug:code>/", views.reason, name="reason"),
    path("goals/", views.goals, name="goals"),
]
