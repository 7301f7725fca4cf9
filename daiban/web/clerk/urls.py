"""Paths of this door."""

from django.urls import path

from daiban.web.clerk import archive, deciding, pages, pictures, returns

app_name = "clerk"
urlpatterns = [
    path("queue/", deciding.index, name="index"),
    path("documents/<str:issue>/", deciding.document, name="document"),
    path("documents/<str:issue>/decide/", deciding.decide, name="decide"),
    path("documents/<str:issue>/undo/", deciding.undo, name="undo"),
    path("documents/<str:issue>/pages/<int:page>/away/", pages.take_away, name="away"),
    path("documents/<str:issue>/pages/<int:page>/<str:density>/", pictures.filed, name="filed"),
    path("documents/<str:issue>/framed/<int:page>/<str:density>/", pictures.framed, name="framed"),
    path("returns/", returns.index, name="returns"),
    path("returns/inbox/", returns.inbox, name="inbox"),
    path("unplaced/", pages.unplaced, name="unplaced"),
    path("unplaced/<int:number>/", pages.page, name="page"),
    path("unplaced/<int:number>/place/", pages.place, name="place"),
    path("unplaced/<int:number>/dismiss/", pages.dismiss, name="dismiss"),
    path("unplaced/<int:number>/undo/", pages.undo, name="undo-page"),
    path("unplaced/<int:number>/picture/<str:density>/", pictures.unplaced, name="unplaced-picture"),
    path("archive/", archive.index, name="archive"),
]
