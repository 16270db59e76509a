### The tally, cards, the pager, the funding curve, states.

tally-label = { $raised } of { $full }. The minimum is { $minimum }.
card-standing = of { $full } · { $standing }
card-backers = { $count ->
    [0] nobody yet
    [one] 1 person
   *[other] { $count } people
}
pager-label = Pages
pager-previous = Previous page
pager-next = Next page
pager-newer = Newer
pager-older = Older
pager-standing = Page { $page } of { $pages }

curve-title = Promised day by day: { $total } of { $full } so far.
curve-minimum = minimum { $amount }
curve-full = full plan { $amount }
curve-as-table = Read this chart as a table
curve-day = Up to
curve-backers = People
curve-total = Promised

campaign-state-draft = draft
campaign-state-in-review = in review
campaign-state-changes-asked = changes asked
campaign-state-scheduled = opens soon
campaign-state-open = open
campaign-state-collecting = collecting
campaign-state-funded = funded
campaign-state-closed = finished
campaign-state-failed = did not reach its minimum
campaign-state-short = short of its minimum
campaign-state-unwound = paid back
campaign-state-cancelled = cancelled
campaign-state-suspended = paused
campaign-state-unpayable = payout on hold

pledge-state-draft = Not finished
pledge-state-card-saved = Promised
pledge-state-expired = Never finished
pledge-state-cancelled = Cancelled by you
pledge-state-released = Released, not charged
pledge-state-due = To be charged
pledge-state-charging = Being charged
pledge-state-needs-you = Your bank needs you
pledge-state-retry-later = Declined, tried again later
pledge-state-stopping = Being stopped
pledge-state-paid = Paid
pledge-state-dropped = Ended, not paid
