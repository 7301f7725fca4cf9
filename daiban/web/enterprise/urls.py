"""Paths of this door."""

from django.urls import path

from daiban.web.enterprise import codes, entering, papers, receipts, uploading

app_name = "enterprise"
_PAPER, _UPLOAD = "papers/<str:issue>/", "uploads/<str:upload>/"
urlpatterns = [
    path("", entering.index, name="index"),
    path("leave/", entering.leave_case, name="leave"),
    path("case/", papers.overview, name="case"),
    path(_PAPER, papers.paper, name="paper"),
    path(_PAPER + "fill/", papers.fill, name="fill"),
    path(_PAPER + "pdf/", papers.pdf, name="pdf"),
    path(_PAPER + "pages/<int:page>/<str:density>/", papers.picture, name="picture"),
    path(_PAPER + "places/<int:page>/<str:field>/", papers.place, name="place"),
    path("uploads/", uploading.uploads, name="uploads"),
    path("uploads/result/", uploading.result, name="result"),
    path("uploads/hand-in/", uploading.hand_in_all, name="hand-in"),
    path(_UPLOAD + "remove/", uploading.remove, name="remove"),
    path(_UPLOAD + "pages/<str:page>/", uploading.page_picture, name="upload-page"),
    path(_UPLOAD + "pages/<str:page>/<str:field>/", uploading.place_picture, name="upload-place"),
    path("codes/<str:case>/", codes.codes, name="codes"),
    path("receipts/<str:number>/", receipts.receipt, name="receipt"),
    path("receipts/<str:number>/pdf/", receipts.pdf, name="receipt-pdf"),
]
