### Reconciliation: what stands at the payment provider beside what stands in the books. For stewards.

reconciliation-title = Books and provider
reconciliation-lead = Every movement of the balance at the payment provider belongs to one entry of the books, to the cent, and every such entry to one movement. This is compared every night. Nothing is put right by itself.
reconciliation-late = Nothing was compared since { $since }. See that the workers run and that the provider answers, then run felag reconcile.
reconciliation-none = Nothing was compared yet.
reconciliation-run = Compared on { $when }
reconciliation-counts = { $transactions ->
    [one] One movement at the provider
   *[other] { $transactions } movements at the provider
}, { $entries ->
    [one] one entry
   *[other] { $entries } entries
} in the books.
reconciliation-fits = Everything fits
reconciliation-differs = { $count ->
    [one] One difference
   *[other] { $count } differences
}
reconciliation-running = Under way
reconciliation-broke-off = Broke off
reconciliation-totals = Balances
reconciliation-currency = Currency
reconciliation-at-provider = At the provider
reconciliation-in-books = In the books
reconciliation-apart = Apart
reconciliation-differences = Differences
reconciliation-what = What
reconciliation-about = About
reconciliation-age = Since
reconciliation-entry = entry { $number }
reconciliation-nothing = nothing
reconciliation-in-transit = In transit
reconciliation-in-transit-means = One side knows of these already. They become differences if the other side does not by the day named.
reconciliation-due = Expected by
reconciliation-more = Show more
reconciliation-runs = Runs
reconciliation-began = Begun
reconciliation-result = Result
reconciliation-transactions = Movements

difference-no-entry = Not in the books
difference-no-transaction = Not at the provider
difference-amount = The amounts differ
difference-currency = The currencies differ
difference-twice = There more than once
difference-unreadable = Not an amount of this currency
difference-todo-no-entry = Look it up at the provider by this name. Money that is ours was missed: ask for the event to be sent again. Money that is not ours is a question to the provider.
difference-todo-no-transaction = The books say that money moved, and the provider does not. Pay nothing out of this book until it is explained.
difference-todo-amount = Compare the provider’s receipt with the entry, and correct the books with a new entry that says why.
difference-todo-twice = One event stands twice on one side. Find the one too many before anything is paid out of this book.
difference-todo-unreadable = The provider counts this currency differently than we do. Stop charges in it until it is understood.
difference-age = { $days ->
    [0] found today
    [one] found a day ago
   *[other] found { $days } days ago
}

reviews-not-compared = Books and provider were not compared for more than a day.

mail-differs-subject = { $count ->
    [one] Books and provider differ in one more place
   *[other] Books and provider differ in { $count } more places
}
mail-differs = The comparison of the books with the payment provider found { $new } new { $new ->
    [one] difference
   *[other] differences
}, { $all } in all. Nothing was changed. The page says what each of them is and what to do.
mail-differs-link = Books and provider
mail-not-compared-subject = Books and provider are not compared any more
mail-not-compared = The books were not compared with the payment provider since { $since }. It should happen every night. See that the workers run and that the provider answers.
