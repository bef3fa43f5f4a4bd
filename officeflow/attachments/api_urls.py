"""The files' endpoints."""

from django.urls import path

from officeflow.attachments.api import AttachmentFile, Attachments, RemoveAttachment

urlpatterns = [
    path("of/<slug:kind>/<slug:holder>/", Attachments.as_view(), name="attachments"),
    path("<slug:number>/file/", AttachmentFile.as_view(), name="attachment-file"),
    path("<slug:number>/remove/", RemoveAttachment.as_view(), name="attachment-remove"),
]
