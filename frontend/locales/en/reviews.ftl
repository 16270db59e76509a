### The steward's queue and review.

reviews-title = Reviews
reviews-empty = Nothing is waiting to be read.
reviews-count = { $count ->
    [one] One campaign is waiting.
   *[other] { $count } campaigns are waiting, the one waiting longest first.
}
reviews-since = Waiting since
reviews-project = Project

review-title = Review { $title }
review-own = You are a member of this project, so another steward decides about its campaign.
review-checklist = What to look at
review-there = there
review-look = look here
review-check-story = Story and risks
review-check-ask = Ask and length
review-check-ask-line = Minimum { $minimum }, full plan { $full }, open for { $days } days
review-check-budget = Budget adds up
review-check-budget-line = { $budget } of { $minimum } at the minimum
review-check-budget-full-line = { $budget } of { $full } at the full plan
review-check-returns = What everybody gets
review-check-return-line = { $title }, { $licence }, due { $day }, at { $place }
review-check-exception-line = Exception, in public: { $reason }
review-check-holder = Legal holder
review-check-rewards = Thank-yous
review-check-reward-line = { $title }, from { $price }
review-none = None

review-approve-title = Approve
review-approve-means = The campaign opens at once or at 09:00 of the day you choose, in its own time zone. Minimum, full plan, deadline, currency and thank-yous are fixed from then on.
review-opens = Opens on
review-opens-hint = At most 90 days from now. Leave it empty to open at once.
review-opens-unreadable = Write a day to come, at most 90 days from now, as year-month-day.
review-approve = Approve this campaign
review-changes-title = Ask for changes
review-words = What should be changed?
review-words-hint = The owners of the project get these words by e-mail. 10 to 2,000 characters.
review-changes = Send it back
review-exception-title = Exception from giving to everybody
review-exception-means = A campaign gives everybody at least one thing under an open licence. If this one cannot, say why. The reason stands on its page for all to read.
review-reason = The reason
review-reason-hint = Shown in public. 20 to 1,000 characters.
review-exception = Make this exception
review-history = Decisions so far
review-decision-approved = Approved
review-decision-changes-asked = Changes asked
review-decision-commons-exception = Exception made
review-notice-approved = Approved. The owners of the project get an e-mail.
review-notice-changes = Sent back. The owners of the project get your words by e-mail.
review-notice-exception = The exception is made and public.
