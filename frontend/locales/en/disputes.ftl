### Disputes: a backer's bank asks for a payment back.

disputes-title = Disputes
disputes-lead = A backer’s bank asks for a payment back, and decides. While a dispute is open nothing is paid out from its campaign.
disputes-empty = No bank has asked for a payment back.
disputes-of-all = Disputes of all campaigns

dispute-title = A bank asks for { $amount } back
dispute-campaign = Campaign
dispute-amount = Taken back, or asked for
dispute-fee = The payment provider’s fee
dispute-owed = The project owes because of it
dispute-reason = The bank’s reason
dispute-opened-at = Since
dispute-due = The bank listens until
dispute-evidence-sent = Answered on
dispute-accepted = Accepted on
dispute-decided = Decided on
dispute-payment = The payment, and who made it

dispute-state-inquiry = Inquiry
dispute-state-open = Open
dispute-state-won = Won
dispute-state-lost = Lost
dispute-means-inquiry = The bank asks about a payment. No money has moved. A good answer can keep it from becoming a dispute.
dispute-means-open = The bank has taken the money back, with a fee. If it decides for the project, the money comes back. Payouts of this campaign wait until then.
dispute-means-won = It is over: the money is with the campaign.
dispute-means-lost = The bank gave the money to the backer. The fee is not returned.

dispute-reason-fraudulent = The cardholder says they did not pay this
dispute-reason-not-received = Something was not received
dispute-reason-unacceptable = Something was not as described
dispute-reason-duplicate = It was charged twice
dispute-reason-not-refunded = Something was cancelled and not refunded
dispute-reason-unrecognized = The cardholder does not recognise it
dispute-reason-general = Not said in detail

dispute-evidence = Answer the bank
dispute-evidence-lead = Say what the payment was for and what happened. It goes to the bank once; nothing can be added later.
dispute-product = What the backer paid for
dispute-product-hint = The gift, the thank-you, and what it is for.
dispute-communication = What you and the backer wrote to each other
dispute-communication-hint = Copy what matters, with dates.
dispute-other = Anything else
dispute-other-hint = Such as where the campaign’s public book shows the charge.
dispute-check = Check before it is sent
dispute-check-title = Send this to the bank?
dispute-check-lead = It is sent once. Nothing can be changed or added afterwards.
dispute-send = Send to the bank
dispute-back = Back
dispute-sent = Your answer is on its way to the bank. We write when it has decided.
dispute-accept = Let the backer have the money
dispute-accept-title = Let the backer have { $amount }?
dispute-accept-lead = The dispute is lost at once, and the fee is not returned. This cannot be called off.
dispute-accept-do = Accept the dispute
dispute-accept-done = The bank is told. The backer keeps the money.
dispute-too-late = The bank does not listen any more: it was answered before, has decided, or its time is over.

mail-inquiry-subject = A bank asks about { $amount } of { $campaign }
mail-inquiry = The bank of a backer asks about a payment of { $amount }. No money has moved. A good answer can keep it from becoming a dispute.
mail-inquiry-over-subject = A bank’s question about { $amount } of { $campaign } is over
mail-inquiry-over = The bank that asked about a payment of { $amount } has closed its question. No money moved.
mail-dispute-opened-subject = A bank took { $amount } of { $campaign } back
mail-dispute-opened = The bank of a backer has taken a payment of { $amount } back and listens to the project before it decides. Nothing is paid out from the campaign until then.
mail-dispute-due-subject = A bank waits for your answer about { $amount } of { $campaign }
mail-dispute-due = The bank that asks for { $amount } has not heard the project yet, and will not listen much longer. Without an answer it usually decides for the backer.
mail-dispute-won-subject = { $amount } of { $campaign } came back: the bank decided for the project
mail-dispute-won = The bank decided for the project. { $amount } is with the campaign again.
mail-dispute-lost-subject = { $amount } of { $campaign } is lost: the bank decided for the backer
mail-dispute-lost = The bank decided for the backer and keeps { $amount } for them. It comes off what is held for the campaign; what was paid out already, the project owes.
mail-dispute-link = The dispute
