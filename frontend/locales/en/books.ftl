### Public books: entries in words, accounts, how to check them.

books-title = Open books: { $campaign }
books-lead = Every promise and every movement of money of this campaign. Entries are only ever added, never changed.
books-entries = Entries
books-count = { $count ->
    [one] 1 entry.
   *[other] { $count } entries.
}
books-names = People stand here by name only if they chose to.
books-by = by { $who }
books-cost = The payment provider kept { $amount }.
books-number = Entry { $number }

entry-card-saved = Gift promised
entry-promise-raised = Promise raised
entry-promise-lowered = Promise lowered
entry-pledge-ended = Promise ended, not charged
entry-charge = Gift collected
entry-refund = Paid back
entry-refund-asked = To be paid back
entry-refund-failed = Paid back and returned
entry-dispute-opened = Taken back by a bank
entry-dispute-won = Given back by a bank

figures-equation = Now: { $promised } promised = { $collected } collected + { $risk } at risk + { $lost } lost.

books-accounts = What stands on the accounts
books-accounts-sum = What is with the payment provider is what is held for the project and the tips, less what the provider kept.
account-provider = With the payment provider
account-promise = Promises not charged yet
account-promised = The other side of the promises
account-held = Held for the project
account-tips = Tips to Felag
account-fees = Fees to Felag
account-costs = Kept by the payment provider
account-payable = Approved for payout
account-receivable = Owed back by the project
account-between = On its way between books
account-in-transit = On its way at the provider
account-in-transit-refund = On its way back to backers

books-check = How to check the book
books-check-chain = Each entry’s hash is the SHA-256 of what the entry says and of the hash before it. Whoever changed or removed an old entry would change every hash after it.
books-head = The book’s head, the hash of its last entry, is now
books-check-keep = Write it down together with the entry’s number. If that entry ever shows another hash, the past was changed.
books-check-command = Whoever runs Felag can recompute every hash and every balance with
