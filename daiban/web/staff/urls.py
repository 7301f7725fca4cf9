"""Paths of this door."""

from django.urls import path

from daiban.web.staff import (
    board_views,
    case_form_views,
    case_orders,
    case_views,
    merge_views,
    own_form_views,
    roster_views,
)

app_name = "staff"
urlpatterns = [
    path("cases/", board_views.board, name="index"),
    path("cases/-/new/", case_form_views.new_case, name="new-case"),
    path("cases/-/check/", case_form_views.check, name="check-case"),
    path("cases/-/row/", case_form_views.more, name="case-row"),
    path("cases/<str:case_id>/", case_views.case, name="case"),
    path("cases/<str:case_id>/change/", case_form_views.change_case, name="change-case"),
    path("cases/<str:case_id>/readiness/", case_views.readiness, name="readiness"),
    path("cases/<str:case_id>/make/", case_views.make, name="make"),
    path("cases/<str:case_id>/cancel/", case_orders.cancel, name="cancel"),
    path("cases/<str:case_id>/reopen/", case_orders.reopen, name="reopen"),
    path("cases/<str:case_id>/documents/<str:issue>/withdraw/", case_orders.withdraw, name="withdraw"),
    path("cases/<str:case_id>/documents/<str:issue>/restore/", case_orders.restore, name="restore"),
    path("cases/<str:case_id>/documents/<str:issue>/reissue/", case_orders.reissue, name="reissue"),
    path("cases/<str:case_id>/print/", case_views.make_print, name="print"),
    path("cases/<str:case_id>/packet/", case_views.make_packet, name="packet"),
    path("cases/<str:case_id>/all.zip", case_views.download_all, name="download-all"),
    path("cases/<str:case_id>/settle/<int:number>/", case_views.settle_contradiction, name="settle"),
    path("cases/<str:case_id>/documents/<str:issue>/", case_views.document, name="document"),
    path("cases/<str:case_id>/documents/<str:issue>/<str:kind>/", case_views.download, name="download"),
    path("made/<str:folder>/<str:name>/", case_views.made_file, name="made-file"),
    path("rosters/", roster_views.rosters, name="rosters"),
    path("rosters/<str:token>/", roster_views.roster, name="roster"),
    path("rosters/<str:token>/confirm/", roster_views.confirm, name="confirm-roster"),
    path("merge/", merge_views.merge, name="merge"),
    path("own-forms/", own_form_views.forms, name="own-forms"),
    path("own-forms/<str:form_id>/", own_form_views.form, name="own-form"),
    path("own-forms/<str:form_id>/try/", own_form_views.try_one, name="try-form"),
    path(
        "own-forms/<str:form_id>/pages/<int:page>/<str:density>/",
        own_form_views.trial_page,
        name="trial-page",
    ),
]
