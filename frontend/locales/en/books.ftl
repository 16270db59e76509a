### Public books: entries in words, accounts, how to check them.

books-title = Open books: { $campaign }
books-lead = Every promise and every movement of money of this campaign. Entries are only ever added, never changed.
books-platform-title = Open books of Felag
books-platform-lead = Every movement of the platform’s own money. Entries are only ever added, never changed.
books-platform-empty = No entries yet. The first movement of the platform’s own money will stand here.
books-entries = Entries
books-count = { $count ->
    [one] 1 entry.
   *[other] { $count } entries.
}
books-names = People stand here by name only if they chose to.
books-by = by { $who }
books-cost = The payment provider kept { $amount }.
books-number = Entry { $number }
books-then = After it:

books-filter = Filter the entries
books-kind = Kind
books-every-kind = Every kind
books-from-day = From this day on
books-until-day = Until this day
books-unfiltered = Show every entry
books-filtered-hint = Days are in UTC. What stood on the accounts after an entry is on the entry’s own page.
books-none-found = No entry is like that.

entry-card-saved = Gift promised
entry-promise-changed = Promise changed
entry-promise-raised = Promise raised
entry-promise-lowered = Promise lowered
entry-pledge-ended = Promise ended, not charged
entry-charge = Gift collected
entry-loan-charge = Loan collected from a lender
entry-refund = Paid back
entry-payout-approved = Payout approved
entry-payout-repaid = Repaid by another campaign of the project
entry-payout-sending = Payout on its way to the provider
entry-payout-sent = Payout sent to the project
entry-payout-withdrawn = Payout called off
entry-payout-refused = Payout refused by the provider
entry-payout-returned = Payout came back
entry-refund-asked = To be paid back
entry-refund-failed = Paid back and returned
entry-dispute-opened = Taken back by a bank
entry-dispute-won = Given back by a bank
entry-loan-unbegun = The loan’s payout came back: nothing is owed yet
entry-share-taken-over = Taken over from a lender whose bank took the money back
entry-share-given-back = Given back to a lender whose bank paid it again
entry-loan-begun = Owed to the lenders
entry-repayment-received = Repayment received
entry-repayment-credited = Repayment split over the lenders
entry-repayment-returned = Repayment taken back by a bank
entry-lender-sending = On its way to a lender
entry-lender-sent = Sent to a lender
entry-lender-returned = Sent to a lender and returned
entry-lender-gave = Given by a lender, of what came back to them
entry-lender-gift-returned = Given by a lender, and theirs again
entry-lender-lent-again = Lent to another loan, of what came back to a lender
entry-lender-has-again = Lent to another loan, and back with the lender
entry-loan-from-kept = Lent, of what came back to a lender of other loans
entry-loan-to-kept = To be paid back to a lender of other loans
entry-loan-written-off = Given up
entry-expense-vouched = Expense with its voucher
entry-expense-withdrawn = Expense withdrawn

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
account-tax = Tax within the fees
account-payable = Approved for payout
account-receivable = Owed back by the project
account-between = On its way between books
account-in-transit = On its way at the provider
account-in-transit-refund = On its way back to backers
account-held-loan = Lent, held for the project
account-pending = Repaid, may still come back
account-lender = Repaid, on its way to lenders
account-debt = Owed by the project to its lenders
account-claim = Owed to lenders
account-written-off = Given up by lenders
account-spent = Spent by the project, with vouchers
account-vouched = Proven by vouchers
account-of-share = { $account }, share { $share }

books-movements = What it moves
books-movements-means = Each amount is taken from one account and put on another, so nothing appears from nowhere and nothing is lost.
books-movements-more = { $count ->
    [one] One more movement stands in the text that was hashed.
   *[other] { $count } more movements stand in the text that was hashed.
}
books-from = From
books-to = To
books-balances = What stood on these accounts
books-account = Account
books-before = Before
books-change = Change
books-after = After
books-hash-title = Hash
books-hash = Hash
books-hash-own = The hash of this entry
books-hash-before = The hash of the entry before it
books-canonical = The hash is the SHA-256 of exactly this text, with a line feed at the end of every line.
books-canonical-file = The text as a file
books-canonical-check = To take it yourself:
books-entry-title = Entry { $number } of the open books: { $owner }

books-check = How to check the book
books-check-title = How to check the book: { $owner }
books-check-chain = Each entry’s hash is the SHA-256 of what the entry says and of the hash before it. Whoever changed or removed an old entry would change every hash after it.
books-check-chain-now = Check the chain
books-head = The book’s head, the hash of its last entry, is now
books-check-keep = Write it down together with the entry’s number. If that entry ever shows another hash, the past was changed.
books-check-here = Let Felag recompute it
books-check-here-means = Felag reads the entries again, a thousand at a time, and takes their hashes anew. That finds what was changed by accident or by somebody who reached the database. It cannot prove that Felag itself is honest: for that, check the book yourself.
books-check-begin = Check from the first entry on
books-check-go-on = Check the next entries
books-checked = Entries { $first } to { $last } are right: every hash is that of its entry and follows the one before it.
books-checked-to-the-end = Entries { $first } to { $last } are right, and the book ends there. Its head is { $hash }.
books-checked-wrong = Entry { $number } is not as it was written. Please tell us: this must not happen.
books-check-yourself = Check it yourself
books-check-yourself-means = Nothing of Felag is needed, only Python 3. The script recomputes every hash and every balance from the file alone.
books-check-step-file = Download the book:
books-check-step-script = Download the script below:
books-check-step-run = Run it:
books-check-step-compare = Compare the heads it prints with those you wrote down, those in your receipts, and the
books-check-program = Whoever has the program of Felag can do the same without any database:

books-heads-title = Heads, day by day
books-heads-means = Once a day the head of every book that grew is written down here. Keep a copy: if an entry ever shows another hash than on the day it was published, the past was changed.
books-heads-empty = No head was published yet.
books-heads-platform = Felag’s own book
books-book = Book

books-files = The book as a file
books-files-means = For beancount, hledger, a spreadsheet, or a program of your own. Each file holds every entry with its hash.
books-files-all = All books of this platform together:
