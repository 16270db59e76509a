### Giving money back.

refund-title = Give money back
refund-lead = What you give back goes to the card it came from. It is taken from the money held for the campaign, then from what is approved for payout; what was paid out already, the project owes.
refund-charged = Charged on
refund-gift = Gift
refund-gift-left = Left of the gift
refund-tip-left = Left of the tip
refund-history = What went back before
refund-asked-at = Asked for
refund-why = Why
refund-give-back = Give back
refund-how = How much
refund-how-whole = Everything: { $amount }
refund-how-part = A part of the gift
refund-how-part-hint = Up to { $left }. The tip to Felag stays.
refund-amount = Amount
refund-amount-hint = Only for a part.
refund-words = Reason
refund-words-hint = A sentence. The backer reads it, and it is noted with your name.
refund-check = Check before it is sent
refund-check-title = Give back { $amount }?
refund-check-lead = When you press the button, the payment provider is asked to send the money back. That cannot be called off.
refund-check-backer = Backer
refund-check-amount = Goes back
refund-check-of = Of a payment of
refund-check-campaign = Campaign
refund-check-when = When
refund-check-now = Now; banks take up to ten days
refund-do = Give back { $amount }
refund-back = Change something
refund-other-form = This form was sent before with another amount. Load the page again and look what went back.
refund-done = { $amount } is on its way back. The backer is told.

refund-state-asked = Asked for
refund-state-pending = On its way
refund-state-succeeded = Paid back
refund-state-failed = Did not arrive

refund-why-late-payment = It came in after the pledge had ended
refund-why-project = Given back by the project
refund-why-steward = Given back by a steward
refund-why-cancelled = The campaign was cancelled
refund-why-unwound = The campaign was unwound
refund-why-taken-back = Taken back by the backer
refund-why-overpaid = More was paid back on a loan than was owed

pledge-refund-done = { $amount } was paid back on { $day }. { $why }.
pledge-refund-on-its-way = { $amount } is on its way back to your card. { $why }.
pledge-refund-failed = { $amount } could not be paid back to your card. The project and the stewards know, and it will be tried in another way. { $why }.

backers-refunded = { $amount } given back
backers-refund = Give back
backers-refund-of = Give back what { $who } paid

mail-refund-of = Of a payment of
mail-refund-pending-subject = { $amount } from { $campaign } is on its way back to you
mail-refund-pending = { $amount } is on its way back to the card you paid with. We write again when it is done.
mail-refund-done-subject = { $amount } paid back from { $campaign }
mail-refund-done = { $amount } was paid back to the card you paid with. Banks take up to ten days until it shows on your statement.
mail-refund-failed-subject = { $amount } from { $campaign } could not be paid back yet
mail-refund-failed = Your bank did not take { $amount } back to the card you paid with: it may have been closed or replaced. The money is safe and held for you. The project and the stewards of Felag know, and find another way with you.
mail-not-arrived-subject = { $amount } from { $campaign } did not arrive
mail-not-arrived = A refund of { $amount } came back: the backer’s bank did not take it. The money is held for the campaign again. It can be given back once more, or you agree with the backer on another way.
mail-not-arrived-link = The payment, and the backer’s refunds
