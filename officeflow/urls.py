"""The addresses of OfficeFlow."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from officeflow.administration.views import set_up
from officeflow.administration.views.search import scan, search_page
from officeflow.staff.views import session

urlpatterns = [
    path("", include("officeflow.second_factor.urls")),
    path("", include("officeflow.staff.urls")),
    path("search/", search_page, name="search"),
    path("search/scan/", scan, name="scan"),
    path("notifications/", include("officeflow.notifications.urls")),
    path("drafts/", include("officeflow.drafts.urls")),
    path("files/", include("officeflow.attachments.urls")),
    path("", include("officeflow.mail.urls")),
    path("set-up/zones/", set_up.zones, name="zones"),
    path("set-up/<str:token>/", set_up.set_up, name="set-up"),
    path("desk/", include("frontdesk.urls")),
    path("office/", include("backoffice.urls")),
    path("dashboards/", include("officeflow.dashboards.urls")),
    path("styleguide/", include("officeflow.ui.urls")),
    path("imports/", include("officeflow.imports.urls")),
    path("administration/", include("officeflow.administration.urls")),
    path("administration/", include("officeflow.administration.office_urls")),
    path("administration/", include("officeflow.administration.audit_trail.urls")),
    path("administration/", include("officeflow.catalogue.urls")),
    path("api/", include("officeflow.api_urls")),
    # The admin has no sign-in and no passwords of its own: what the office's do applies to it.
    path("admin/login/", session.admin_sign_in),
    path("admin/password_change/", RedirectView.as_view(pattern_name="staff:password-change")),
    path("admin/", admin.site.urls),
]

handler400 = "officeflow.api.error_handlers.bad_request"
handler403 = "officeflow.api.error_handlers.permission_denied"
handler404 = "officeflow.api.error_handlers.page_not_found"
handler500 = "officeflow.api.error_handlers.server_error"
