### Supporting a project: a standing gift, charged every week, month or year.

support-title = Support { $project }
support-lead = A standing gift to the project, charged by itself until you end it. You can pause or end it at any time, with the link in our e-mails.
support-amount = How much each time?
support-amount-hint = Any amount from { $least }.
support-how-often = How often?
period-weekly = Every week
period-monthly = Every month
period-yearly = Every year
period-unknown = Choose how often.
support-email-hint = For the receipts. You need no account.
support-to-check = Check everything
support-check-title = Check your support
support-check-lead = The first charge is made now, with you. Every later one is made by itself on the same day, until you end it.
support-check-each = Each time
support-check-next = Next charge
support-check-by = By whom
support-check-receipt = Receipts go to
support-check-seen = Who may see your name
support-check-end = Ending it
support-check-end-means = At any time, without a reason.
support-check-gets = Of each charge the project gets about
support-check-mandate = What you allow
support-do = Save a card and give { $total } now
support-mandate-weekly = I allow Felag to charge the card I save { $total } now and every week from now on, for { $project }, until I end it.
support-mandate-monthly = I allow Felag to charge the card I save { $total } now and every month from now on, for { $project }, until I end it.
support-mandate-yearly = I allow Felag to charge the card I save { $total } now and every year from now on, for { $project }, until I end it. I am told 14 days before each yearly charge.

support-every-week = { $amount } a week
support-every-month = { $amount } a month
support-every-year = { $amount } a year
support-of = { $amount } for { $project }
support-page-title = Your support
support-each-time = Each time
support-we-write = Receipts go to { $email }.
support-state-draft = Not finished
support-state-expired = Not begun
support-state-starting = Starting
support-state-active = Active
support-state-past-due = Payment due
support-state-paused = Paused
support-state-ended = Ended
support-next-draft = Your card is not saved yet, so nothing has begun and nothing was charged.
support-next-expired = The card was not saved in time. Nothing was charged.
support-next-starting = The first charge of { $total } is under way.
support-next-active = The next { $total } is charged on { $when }.
support-next-past-due = { $total } has not been charged yet.
support-next-paused = Nothing is charged until you let it go on. What is missed is not charged afterwards.
support-next-ended = This is over. Nothing more is charged and your card was removed.
support-waits = The card was not charged. Try again with your bank, or use another card, by { $when }. After that the support ends.
support-pause = Pause
support-resume = Go on
support-end = End it
support-charges = Charges
support-no-charges = Nothing was charged yet.
support-change = Change the amount
support-change-lead = It counts from the next charge on. Saving allows Felag to charge the new total instead of the old one.
support-change-save = Save the change
support-cannot-do-that = That cannot be done with this support now.
support-end-title = End your support?
support-end-lead = Nothing more is charged and your card is removed. What was charged stays with the project. This cannot be taken back, but you can begin again.
support-end-do = End it now
support-end-back = Your support

my-support-title = What I support
my-support-empty = You support no project yet.
my-support-next = next on { $when }
my-support-link = What I support

project-support = Support this project
project-supporting = Standing support
project-supported = { $count ->
    [0] Nobody supports it yet.
    [one] 1 person gives about { $monthly } a month.
   *[other] { $count } people give about { $monthly } a month together.
}
project-support-books = Books of this support
books-support-lead = Every movement of the standing gifts to this project, in order. Each entry carries a hash of the one before it.

supporters-title = Supporters
supporters-empty = Nobody supports this project yet.
supporters-refund = Give it back
contribution-refund-title = Give { $amount } back?
contribution-refund-lead = The whole charge goes back to the card, the tip to Felag included. This cannot be called off.
contribution-refund-who = To
contribution-refund-when = Charged
contribution-refund-do = Give { $amount } back
contribution-refund-gone = Nothing of this charge is left to give back.

mail-why-support = You get this because you support a project on Felag.
mail-support-charged-subject = Receipt: { $total } for { $project }
mail-support-charged = Your card was charged { $total } for { $project }.
mail-support-next = The next charge is on { $when }. You can change, pause or end it before, at any time.
mail-support-link = Your support
mail-support-project-link = The project
mail-card-support-subject = { $total } for { $project } could not be charged
mail-support-until = You have until { $when }. After that your support ends and nothing more is charged.
mail-support-notice-subject = { $total } for { $project } is charged in 14 days
mail-support-notice = On { $when } your card is charged { $total } for another year of support for { $project }. If you do not want that, end it before with the link below.
mail-support-changed-subject = Your support for { $project } was changed
mail-support-changed = From the next charge on it is { $now } instead of { $before } each time.
mail-support-ended-subject = Your support for { $project } has ended
mail-support-ended = You ended your support for { $project }. Nothing more is charged and your card was removed. Thank you for what you gave.
mail-support-not-paid = Your card could not be charged in time, so your support for { $project } has ended. Nothing more is charged and your card was removed.
