### A campaign's public page and its books.

campaign-by = By
campaign-fund = Fund this campaign
campaign-parts = This campaign
campaign-dock = Give now
campaign-review-words = The steward wrote:
campaign-story = Story
campaign-budget = Budget
campaign-rewards = Thank-yous
campaign-books = Books
campaign-updates = Updates
campaign-licences = Licences
campaign-story-title = What the money does
campaign-risks = What could go wrong
campaign-curve = Day by day
campaign-books-title = Open books

standing-draft = This is a draft. Only members of the project see it, and nothing can be given yet.
standing-in-review = A steward is reading this campaign. Nothing can be given before it opens.
standing-changes-asked = A steward asked for changes. Nothing can be given yet.
standing-scheduled = This campaign opens on { $when }. Nothing can be given before.
standing-deciding = The deadline has passed and the outcome is being worked out. No card has been charged yet, and nothing more can be promised.
standing-collecting = The minimum was promised, so cards are now being charged: { $collected } of { $promised } so far. Cards that are declined are tried again until { $when }.
standing-funded = This campaign is funded. { $collected } was collected; every charge stands in the books.
standing-failed = The minimum of { $minimum } was not reached. Nobody was charged, every promise was released and the saved cards were removed.
standing-short = The minimum of { $minimum } was promised, but only { $collected } could be collected. The money stays where it is and nobody is paid until it is decided whether the campaign goes on or everything is paid back. Every backer gets an e-mail.
standing-goes-on = The minimum of { $minimum } was promised, but only { $collected } is collected. The campaign goes on all the same, as it said before it opened. Whoever paid may take the money back until { $when }; nothing is paid out before.
standing-unwound = This campaign ended below its minimum. What was collected is paid back in full.
standing-cancelled = This campaign was cancelled. Nothing more is charged; promises were released, and anything already charged is paid back in full.
standing-suspended = The stewards have paused this campaign. No card is charged while it is paused; the deadline stays.
standing-unpayable = The project cannot be paid out at the moment. The money is held until it can, or is paid back.

of-amount = of { $amount }
fund-missing = { $missing } to the minimum of { $minimum }
fund-short = { $missing } short of the minimum of { $minimum }
fund-met = minimum of { $minimum } met
fund-own = Besides, { $amount } from the project’s own members. It does not count towards the minimum.
fund-backers = { $count ->
    [0] Nobody so far.
    [one] 1 person so far.
   *[other] { $count } people so far.
}
fund-backers-closed = { $count ->
    [0] Nobody.
    [one] 1 person.
   *[other] { $count } people.
}
fund-closes = Closes
fund-closed = Closed

follow-title = Not sure yet?
follow-email = E-mail
follow-hint = We write 48 hours before the deadline and when the project has news. One click ends it.
follow-send = Remind me
follow-title-closed = How will it go on?
follow-hint-closed = We write when the project has news. One click ends it.
follow-send-closed = Write to me

budget-minimum = Minimum { $amount }
budget-full = Full plan { $amount }
budget-caption = Planned spending at the minimum and at the full plan
budget-for = For
budget-at-minimum = Minimum
budget-at-full = Full plan

reward-none = None, just the commons
reward-none-hint = Any amount. Everybody gets what stays open, whether they paid or not.
reward-from = { $amount } and up
reward-left = { $left } of { $limit } left
reward-gone = all gone
reward-estimated = estimated for { $month }

figure-promised = Promised.
figure-promised-means = What people have said they will give.
figure-collected = Collected.
figure-collected-means = Charged, and not given back.
figure-at-risk = At risk.
figure-at-risk-means = Due, but the card was not charged yet.
figure-lost = Lost.
figure-lost-means = Could not be charged, or was given back.
figures-sum = From the deadline on, promised is collected, at risk and lost together. Tips to Felag are in none of them.

books-all = { $count ->
    [one] The one entry
   *[other] All { $count } entries
}
books-empty = No entries yet. The first promise will stand here.
books-caption = Entries, the newest first
books-date = Date
books-entry = Entry
books-amount = Amount

updates-empty = No updates yet.

returns-title = What stays open
returns-lead = What everybody gets from this campaign, whether they paid or not.
returns-due = Due { $day }
returns-exception = This campaign gives nothing back to the commons. A steward let it open all the same, for this reason:
returns-project = The project itself is published under
