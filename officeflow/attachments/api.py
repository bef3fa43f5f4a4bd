"""Files over HTTP, each with the permission of what it hangs on."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from officeflow.api.bodies import Body
from officeflow.attachments import queries
from officeflow.attachments.actions import attach, remove_file
from officeflow.attachments.checking import too_large
from officeflow.attachments.models import DRAFT, Attachment
from officeflow.attachments.uploads import FIELD, too_large_names
from officeflow.attachments.views import give
from officeflow.errors import Refused
from officeflow.numbering import normalise
from officeflow.staff.endpoints import StaffView
from officeflow.staff.models import User


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """One file; `size` in bytes as stored, `width` and `height` in pixels for a picture."""

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


def _file_or_404(person: User, number: str) -> Attachment:
    file = queries.find_file(person, number)
    if file is None:
        raise Http404
    return file


class Attachments(StaffView):
    """What hangs on an order, a complaint, a ticket or a customer; one file more."""

    permission_classes = [IsAuthenticated]
    parser_classes = [MultiPartParser]

    def _number(self, kind: str, holder: str) -> str:
        number = normalise(holder)
        if kind == DRAFT or not queries.may_see(self.person, kind, number):
            raise Http404
        return number

    @extend_schema(responses=AttachmentSerializer(many=True))
    def get(self, request: Request, kind: str, holder: str) -> Response:
        """The files, oldest first."""
        number = self._number(kind, holder)
        files = queries.files_on(self.person, kind, number)
        return Response(AttachmentSerializer(files, many=True).data)

    @extend_schema(
        request={
            "multipart/form-data": inline_serializer(
                "NewAttachment", {FIELD: serializers.FileField()}
            )
        },
        responses={200: AttachmentSerializer, 201: AttachmentSerializer},
    )
    def post(self, request: Request, kind: str, holder: str) -> Response:
        """Hangs one file on it. The same content again answers 200 with what is there."""
        number = self._number(kind, holder)
        if not queries.may_add(self.person, kind, number):
            self.permission_denied(request)
        uploads = request.FILES.getlist(FIELD)
        for name in too_large_names(request._request):
            raise too_large(name)
        if len(uploads) != 1:
            raise Refused(_("Send one file, as the field “files” of a multipart body."), FIELD)
        done = attach(
            actor=self.person,
            kind=kind,
            number=number,
            name=uploads[0].name or "",
            content=uploads[0].read(),
        )
        code = status.HTTP_200_OK if done.already else status.HTTP_201_CREATED
        return Response(AttachmentSerializer(done.file).data, status=code)


class RemoveSerializer(Body):
    """Why a file is taken away."""

    reason = serializers.CharField(required=False, allow_blank=True, default="")


class AttachmentFile(StaffView):
    """The content of a file."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, number: str) -> HttpResponseBase:
        """As a download."""
        file = _file_or_404(self.person, number)
        return give(request, file, file.path, file.kind, saved=True)


class RemoveAttachment(StaffView):
    """Taking a file away."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        request=RemoveSerializer,
        responses={204: None},
    )
    def post(self, request: Request, number: str) -> Response:
        """Deletes its content; that it was there, and why it went, stays written."""
        file = _file_or_404(self.person, number)
        if not queries.may_remove(self.person, file):
            self.permission_denied(request)
        body = RemoveSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        remove_file(actor=self.person, file=file, **body.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)
