### Campaigns that end otherwise than planned, or pause.

mail-ended-reason = The reason:
mail-ended-cancelled-subject = { $campaign } was cancelled
mail-ended-cancelled = The campaign was cancelled. Promises were released, payments on their way are stopped, and whatever was collected goes back in full. Every backer is told.
mail-ended-unwound-subject = { $campaign } was unwound
mail-ended-unwound = Everything that was collected goes back to the backers in full. Each of them is told.
mail-ended-goes-on-subject = { $campaign } goes on below its minimum
mail-ended-goes-on = Less than the minimum was collected, and the campaign goes on. Every backer was told and may take the money back, free, until { $until }. Nothing is paid out before that. If too little is left then, everything goes back.
mail-ended-suspended-subject = { $campaign } was paused
mail-ended-suspended = A steward has paused the campaign. No card is charged meanwhile; the deadline stays. If it is still paused on { $until }, it is cancelled and everything goes back.
mail-ended-resumed-subject = { $campaign } goes on
mail-ended-resumed = The pause is over. What was left of the time to charge cards begins to run again.
mail-ended-unpayable-subject = { $campaign } cannot be paid out
mail-ended-unpayable = The project’s payout account is not usable any more. The money is held. If there is no usable account by { $until }, everything goes back to the backers.
mail-ended-payable-subject = { $campaign } can be paid out again
mail-ended-payable = The project has a usable payout account again. Payouts go on as planned.

mail-back-cancelled-subject = { $campaign } was cancelled: your money comes back
mail-back-cancelled = The campaign was cancelled. Your { $total } goes back in full to the card you paid with. There is nothing to do; we write again when it is done.
mail-back-unwound-subject = { $campaign } does not go ahead: your money comes back
mail-back-unwound = Less was collected than the campaign needs. Your { $total } goes back in full to the card you paid with. There is nothing to do; we write again when it is done.
mail-goes-on-subject = { $campaign } goes on below its minimum: you may take your money back
mail-goes-on = { $raised } could be collected, and the minimum is { $minimum }. The campaign goes on, as it said before it opened.
mail-goes-on-choice = You do not have to do anything. If you would rather have your { $total } back, you can take it back until { $until }. That costs nothing, and nothing is paid to the project before then.
mail-goes-on-link = Take my money back

take-back-title = Take your money back?
take-back-lead = { $total } goes back to the card you paid with. This cannot be called off, and takes up to ten days.
take-back-campaign = Campaign
take-back-amount = Goes back
take-back-until = Possible until
take-back-do = Take my money back
take-back-keep = Leave it with the project
take-back-over = This is not possible any more: the money can be taken back only while a campaign that goes on below its minimum waits for it.
pledge-take-back = The campaign goes on below its minimum. You may take your { $total } back until { $when }, free.
pledge-take-back-link = Take my money back

decision-title = Decide about { $campaign }
decision-lead = Every decision is noted with your name and your reason. The project reads the reason.
decision-none = There is nothing to decide about this campaign now.
decision-reason = Reason
decision-reason-hint = A sentence or two. The project reads it.
decision-check = Check before it is done
decision-now = When
decision-now-means = Now
decision-not-now = This is not possible now: the campaign stands elsewhere, or too little was collected. Load the page again to see where it stands.
decision-done = Done. Everybody concerned is told.
decision-back = Change something
decision-link = Decide about this campaign
decision-state = Stands at
decision-collected = Collected so far, tips not counted
decision-backers = Backers

decision-cancel = Cancel the campaign
decision-cancel-means = Every promise is released, payments on their way are stopped, and what was collected goes back in full. This cannot be called off.
decision-suspend = Pause the campaign
decision-suspend-means = Nothing can be given and no card is charged until you let it go on. The deadline stays. 14 days after the deadline a paused campaign is cancelled.
decision-resume = Let the campaign go on
decision-resume-means = It goes on where it was. Cards that waited are charged now, and the window is as much longer as the pause was.
decision-unwind = Pay everything back
decision-unwind-means = Everything that was collected goes back to the backers in full. This cannot be called off.
decision-go-on = Let it go on below its minimum
decision-go-on-means = Every backer is told and may take the money back, free, for 7 days. Nothing is paid out before. At least half of the minimum must have been collected, and must be left then.

basics-if-short = What if the minimum is promised, and cards that fail leave less than it?
basics-if-short-hint = Backers read this before they give. It cannot be changed after approval.
basics-if-short-unwind = Everything collected goes back
basics-if-short-go-on = It goes on from { $percent } % of the minimum; backers may take their money back for 7 days
basics-if-short-unknown = Choose one from the list.
campaign-if-short-unwind = If the minimum is promised and less than it can be collected, everything goes back in full.
campaign-if-short-go-on = If less than the minimum can be collected, the campaign goes on from { $percent } % of it. Whoever paid may then take the money back for 7 days.
