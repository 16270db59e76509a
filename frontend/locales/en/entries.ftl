### Entries of a public book.

entry-card-saved = Promise made
entry-pledge-changed = Promise changed
entry-pledge-ended = Promise ended, not charged
entry-charge = Card charged
entry-refund = Paid back
