"""The address of a question to the desk."""

from django.urls import path

from frontdesk.questions.views import question_answer

urlpatterns = [
    path("questions/<slug:number>/", question_answer, name="question-answer"),
]
