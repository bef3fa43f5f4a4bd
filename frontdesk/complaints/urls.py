"""The addresses of complaints."""

from django.urls import path

from frontdesk.complaints.views import changes, complaints, new, routes

urlpatterns = [
    path("complaints/", complaints.complaint_list, name="complaints"),
    path("complaints/new/", new.complaint_new, name="complaint-new"),
    path("complaints/about/", new.complaint_about, name="complaint-about"),
    path("complaints/routes/", routes.complaint_routes, name="complaint-routes"),
    path("complaints/<slug:number>/", complaints.complaint_page, name="complaint"),
    path("complaints/<slug:number>/now/", complaints.complaint_live, name="complaint-live"),
    path(
        "complaints/<slug:number>/confirm/",
        changes.complaint_confirm,
        name="complaint-confirm",
    ),
    path(
        "complaints/<slug:number>/confirm/undo/",
        changes.complaint_undo_confirm,
        name="complaint-undo-confirm",
    ),
    path("complaints/<slug:number>/reopen/", changes.complaint_reopen, name="complaint-reopen"),
]
