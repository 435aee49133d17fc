"""Below /activities/: the democratic review of members."""

from django.urls import path

from activities.views import review_forms, review_papers, reviews

urlpatterns = [
    path("reviews/", reviews.review_board, name="reviews"),
    path("reviews/add/", reviews.review_add, name="review-add"),
    path("reviews/<int:pk>/", reviews.review_detail, name="review"),
    path("reviews/<int:pk>/people/", reviews.review_people, name="review-people"),
    path("reviews/<int:pk>/paper/", review_papers.review_paper, name="review-paper"),
    path(
        "reviews/<int:pk>/ballots/", review_forms.review_ballots, name="review-ballots"
    ),
    path(
        "reviews/<int:pk>/verdicts/",
        review_forms.review_verdicts,
        name="review-verdicts",
    ),
    path(
        "reviews/<int:pk>/letters/", review_papers.review_letters, name="review-letters"
    ),
    path(
        "reviews/<int:pk>/<slug:step>/", review_papers.review_step, name="review-step"
    ),
    path("review-results/<int:pk>/", review_forms.review_result, name="review-result"),
    path(
        "review-results/<int:pk>/remove/",
        review_forms.review_remove,
        name="review-remove",
    ),
    path(
        "review-results/<int:pk>/correction/",
        review_forms.review_correction,
        name="review-correction",
    ),
    path("reviews/members/<int:pk>/", reviews.member_reviews, name="member-reviews"),
]
