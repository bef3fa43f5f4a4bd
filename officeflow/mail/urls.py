"""The pages of the mailbox, at the front desk, and of the wordings, in the administration."""

from django.urls import path

from officeflow.mail.views import mailbox, wordings

app_name = "mail"
urlpatterns = [
    path("desk/messages/", mailbox.mailbox, name="mailbox"),
    path("desk/messages/about/<slug:reference>/", mailbox.about, name="about"),
    path("desk/messages/<slug:number>/", mailbox.message, name="message"),
    path("desk/messages/<slug:number>/resend/", mailbox.message_resend, name="message-resend"),
    path(
        "desk/messages/<slug:number>/withdraw/", mailbox.message_withdraw, name="message-withdraw"
    ),
    path("administration/messages/", wordings.wordings, name="wordings"),
    path("administration/messages/<slug:event>/", wordings.wording, name="wording"),
    path(
        "administration/messages/<slug:event>/preview/",
        wordings.wording_preview,
        name="wording-preview",
    ),
    path(
        "administration/messages/<slug:event>/reset/", wordings.wording_reset, name="wording-reset"
    ),
    path(
        "administration/messages/<slug:event>/switch/", wordings.event_switch, name="event-switch"
    ),
]
