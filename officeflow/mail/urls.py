"""The mailbox's pages stand at the desk, those of the wordings in the house."""

from django.urls import path

from officeflow.mail.views import mailbox, wordings

app_name = "mail"
urlpatterns = [
    path("desk/messages/", mailbox.mailbox, name="mailbox"),
    path("desk/messages/about/<slug:reference>/", mailbox.about, name="about"),
    path("desk/messages/<slug:number>/", mailbox.message, name="message"),
    path("desk/messages/<slug:number>/again/", mailbox.message_again, name="message-again"),
    path("house/messages/", wordings.wordings, name="wordings"),
    path("house/messages/<slug:event>/", wordings.wording, name="wording"),
    path("house/messages/<slug:event>/preview/", wordings.wording_preview, name="wording-preview"),
    path("house/messages/<slug:event>/reset/", wordings.wording_reset, name="wording-reset"),
    path("house/messages/<slug:event>/switch/", wordings.event_switch, name="event-switch"),
]
