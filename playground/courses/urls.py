"""Which view answers which address?"""

from django.urls import URLPattern, path

from playground.courses.views import listing, pane, progress, summary, teaching

of_a_cluster: list[URLPattern] = [
    path("clusters/<str:id>/lesson/", pane.show, name="lesson_pane"),
    path("clusters/<str:id>/lesson/goals/", pane.goals, name="lesson_goals"),
    path("clusters/<str:id>/lesson/summary/", summary.of_cluster, name="lesson_summary"),
    path("clusters/<str:id>/lesson/<str:verb>/", pane.act, name="lesson_act"),
]

urlpatterns = [
    *of_a_cluster,
    path("lessons/", listing.lessons, name="lessons"),
    path("lessons/next/", listing.following, name="next_lesson"),
    path("lessons/summary/", summary.summary, name="summary"),
    path("lessons/summary/<str:slip>/", summary.of_slip, name="slip"),
    path("lessons/progress/", progress.bring, name="bring_progress"),
    path("lessons/progress.json", progress.take, name="take_progress"),
    path("lessons/<slug:name>/", listing.start, name="start_lesson"),
    path("lessons/<slug:name>/<slug:step>/", listing.start, name="start_step"),
    path("teachers/", teaching.teachers, name="teachers"),
]
