"""The pages of the second factor."""

from django.urls import path

from officeflow.second_factor import views

app_name = "second_factor"
urlpatterns = [
    path("sign-in/code/", views.code, name="code"),
    path("you/second-factor/", views.set_up, name="set-up"),
    path("you/second-factor/codes/", views.renew, name="renew"),
    path("you/second-factor/remove/", views.remove, name="remove"),
    path("administration/people/<str:username>/second-factor/", views.reset, name="reset"),
]
