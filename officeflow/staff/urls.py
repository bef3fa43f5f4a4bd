"""The pages of sign-in, own settings, people and invitations."""

from django.urls import path

from officeflow.staff.views import invitations, own, people, presence, resets, session

app_name = "staff"
urlpatterns = [
    path("", session.home, name="home"),
    path("sign-in/", session.SignIn.as_view(), name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
    path("password/", session.password_change, name="password-change"),
    path("password/changed/", session.password_changed, name="password-changed"),
    path("presence/<slug:kind>/<slug:number>/", presence.present, name="presence"),
    path("password/forgotten/", resets.forgotten, name="forgotten"),
    path("password/new/<str:who>/<str:token>/", resets.reset, name="reset"),
    path("invitation/<str:token>/", invitations.accept, name="accept"),
    path("you/", own.own, name="own"),
    path("you/sessions/", own.own_sessions, name="sessions"),
    path("you/sessions/end/", own.sessions_end, name="sessions-end"),
    path("you/notices/confirm/", own.notices_confirm, name="notices-confirm"),
    path("you/tokens/<str:key>/end/", own.token_end, name="token-end"),
    path("administration/invite/", invitations.invite, name="invite"),
    path(
        "administration/invitations/<str:code>/again/",
        invitations.invite_again,
        name="invite-again",
    ),
    path(
        "administration/invitations/<str:code>/revoke/",
        invitations.revoke,
        name="invitation-revoke",
    ),
    path("administration/people/", people.people, name="people"),
    path("administration/new-person/", people.person_new, name="person-new"),
    path("administration/people/<str:username>/", people.person, name="person"),
    path("administration/people/<str:username>/roles/", people.grant, name="person-grant"),
    path(
        "administration/people/<str:username>/roles/end/", people.grant_end, name="person-grant-end"
    ),
    path(
        "administration/people/<str:username>/deactivate/",
        people.deactivate_person,
        name="person-deactivate",
    ),
    path(
        "administration/people/<str:username>/reactivate/",
        people.reactivate_person,
        name="person-reactivate",
    ),
    path(
        "administration/people/<str:username>/password/",
        people.password_new,
        name="person-password",
    ),
    path(
        "administration/people/<str:username>/reset-link/",
        people.reset_link,
        name="person-reset-link",
    ),
]
