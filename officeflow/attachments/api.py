"""The API of attachments, with the permissions of the records that they are attached to."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    inline_serializer,
)
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from officeflow import limits
from officeflow.api.bodies import Body
from officeflow.api.viewsets import OfficeViewSet
from officeflow.attachments import queries
from officeflow.attachments.actions import attach, remove_file
from officeflow.attachments.checking import too_large
from officeflow.attachments.models import DRAFT, Attachment, FileKind
from officeflow.attachments.uploads import FIELD, too_large_names
from officeflow.attachments.views import file_response
from officeflow.errors import Refused
from officeflow.numbering import normalise


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """An attachment; `size` in bytes as stored, `width` and `height` in pixels for a picture."""

    added_by = serializers.CharField(source="added_by.full_name")

    class Meta:
        model = Attachment
        fields = (
            "number",
            "holder_kind",
            "holder_number",
            "name",
            "kind",
            "size",
            "width",
            "height",
            "added_by",
            "added_at",
        )


@extend_schema_field(OpenApiTypes.BINARY)
class UploadField(serializers.FileField):
    """A file of a multipart body; the description would have a URI, as in answers."""


class RecordAttachmentViewSet(OfficeViewSet[Attachment]):
    """The files of an order, a complaint, a ticket or a customer."""

    queryset = Attachment.objects.all()
    serializer_class = AttachmentSerializer
    parser_classes = [MultiPartParser]
    pagination_class = None
    permissions = {"list": None, "create": None}

    def holder(self) -> str:
        """Returns the record's number. Raises `Http404` when the caller may not see its files."""
        kind, number = self.kwargs["kind"], normalise(self.kwargs["holder"])
        if kind == DRAFT or not queries.may_see(self.user, kind, number):
            raise Http404
        return number

    def list(self, request: Request, kind: str, holder: str) -> Response:
        """Lists the files, oldest first."""
        files = queries.files_on(self.user, kind, self.holder())
        return Response(self.get_serializer(files, many=True).data)

    @extend_schema(
        request={"multipart/form-data": inline_serializer("NewAttachment", {FIELD: UploadField()})},
        responses={200: AttachmentSerializer, 201: AttachmentSerializer},
    )
    def create(self, request: Request, kind: str, holder: str) -> Response:
        """Attaches one file. A file that the record has already is answered with 200."""
        number = self.holder()
        if not queries.may_add(self.user, kind, number):
            self.permission_denied(request)
        uploads = request.FILES.getlist(FIELD)
        for name in too_large_names(request._request):
            raise too_large(name)
        if len(uploads) != 1:
            raise Refused(_("Send one file, as the field “files” of a multipart body."), FIELD)
        done = attach(
            actor=self.user,
            kind=kind,
            number=number,
            name=uploads[0].name or "",
            content=uploads[0].read(),
        )
        code = status.HTTP_200_OK if done.is_duplicate else status.HTTP_201_CREATED
        return Response(AttachmentSerializer(done.file).data, status=code)


class RemoveAttachmentSerializer(Body):
    """Why a file is removed."""

    reason = serializers.CharField(
        max_length=limits.REASON, required=False, allow_blank=True, default=""
    )


class AttachmentViewSet(RetrieveModelMixin, OfficeViewSet[Attachment]):
    """Files, each with the permission of the record that it is attached to."""

    queryset = Attachment.objects.all()
    serializer_class = AttachmentSerializer
    permissions = {"retrieve": None, "file": None, "remove": None}
    bodies = {"remove": RemoveAttachmentSerializer}

    def get_object(self) -> Attachment:
        """Returns the file. Raises `Http404` when the caller may not see its record."""
        file = queries.find_file(self.user, self.kwargs["number"])
        if file is None:
            raise Http404
        return file

    @extend_schema(
        parameters=[OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER)],
        responses={
            **{(200, kind): OpenApiTypes.BINARY for kind in FileKind.values},
            304: OpenApiResponse(description="The content is that of If-None-Match."),
            412: OpenApiResponse(description="The content is not that of If-Match."),
        },
    )
    @action(detail=True)
    def file(self, request: Request, number: str) -> HttpResponseBase:
        """Returns the content of a file, as a download."""
        file = self.get_object()
        return file_response(request, file, file.path, file.kind, as_download=True)

    @extend_schema(responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, number: str) -> Response:
        """Deletes a file's content; its name and the reason are kept."""
        file = self.get_object()
        if not queries.may_remove(self.user, file):
            self.permission_denied(request)
        remove_file(actor=self.user, file=file, **self.body())
        return Response(status=status.HTTP_204_NO_CONTENT)
