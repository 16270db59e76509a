### Two ways to take gifts: all or nothing, and keep what comes.

basics-way = When are gifts charged?
basics-way-hint = Backers read this before they give. It cannot be changed after approval.
basics-way-unknown = Choose one from the list.
way-all-or-nothing = All or nothing: after the deadline, and only if the minimum was promised
way-keep-what-comes = Keep what comes: at once, however much comes together
campaign-keeps-what-comes = Every gift is charged at once and kept, however much comes together. The minimum is an aim, not a condition.

fund-missing-aim = { $missing } to the aim of { $minimum }
fund-short-aim = { $missing } short of the aim of { $minimum }
fund-met-aim = aim of { $minimum } reached

give-charged-at-once = Your card is charged at once, whatever else comes together.
give-mandate-now = I allow Felag to charge the card I save, once and at most { $total }, for { $campaign }, now and, should it be declined, within 7 days from now.
check-when-means-now = At once. This campaign keeps what comes: your gift does not hang on a minimum.
check-cancel-means-now = Nothing to cancel: the gift is charged at once. If you want it back, write to the project.
check-give-now = Give { $total } now
check-next-now = You go to the payment provider’s page to save the card. It is charged right afterwards.

standing-kept-deciding = The deadline has passed. Nothing more can be given.
standing-kept-collecting = The deadline has passed and { $collected } was collected. A few cards that were declined are still being tried.
standing-nothing-came = The deadline has passed and nothing was given. Nobody was charged.

cancellation-backers-paid = { $count ->
    [one] 1 person gave { $promised }. What was charged goes back in full; nothing more is charged.
   *[other] { $count } people gave { $promised } together. What was charged goes back in full; nothing more is charged.
}

mail-owner-nothing-subject = { $campaign } ended
mail-owner-nothing = The deadline has passed and nothing was given. Nobody was charged. To try again, write a new campaign.
