### Mails.

mail-stop = Stop e-mails like this one
mail-why-asked = You get this because somebody typed your address on Felag.
mail-why-pledge = You get this because you promised money to this campaign.
mail-why-follow = You get this because you follow this campaign.
mail-why-update = You get this because you follow or back this campaign.
mail-why-owner = You get this because you are a member of the project.
mail-why-steward = You get this because you are a steward of Felag.

mail-total = In all
mail-deadline = Deadline
mail-raised = Together
mail-minimum = Minimum
mail-entry-hash = Its hash
mail-not-you = If this was not you, leave this e-mail alone. Nothing happens.
mail-nothing-charged = Your { $total } is not charged, and the card you saved was removed.

mail-pledge-link = Your pledge
mail-campaign-link = The campaign
mail-sign-in-link = Sign in
mail-reset-link = Choose a new password
mail-manage-link = Your campaign
mail-backers-link = Your backers

mail-confirm-subject = Confirm your e-mail address
mail-confirm = Please confirm that this address is yours. The link works until { $when }.
mail-confirm-link = Confirm the address
mail-has-account-subject = You already have an account
mail-has-account = Somebody tried to sign up with your address, but it has an account already. You can sign in, or choose a new password.
mail-reset-subject = Choose a new password
mail-reset = You can choose a new password with this link. It works once, until { $when }.
mail-follow-subject = Follow { $campaign }?
mail-follow = Please confirm that you want e-mails about { $campaign }: 48 hours before the deadline, and when the project has news.
mail-follow-link = Yes, tell me

mail-pledge-subject = You promised { $total } to { $campaign }
mail-pledge = Your card is saved and nothing was charged. If at least { $minimum } is promised by the deadline, your card is charged { $total } once. If not, nothing is charged.
mail-pledge-change = You can change or cancel until the deadline. Whoever has this link can do it, so keep it to yourself.
mail-changed-subject = You changed your pledge to { $campaign }
mail-changed = It was { $before } in all and is now { $total }. Nothing was charged.
mail-cancelled-subject = You cancelled your pledge to { $campaign }
mail-cancelled = Your promise of { $total } has ended. Nothing was charged, and the card you saved was removed.

mail-deadline-subject = 48 hours left for { $campaign }
mail-standing-missing = { $raised } of the minimum of { $minimum } is promised; { $missing } is still missing.
mail-standing-met = { $raised } is promised; the minimum of { $minimum } is met.
mail-deadline-backer = You promised { $total }. There is nothing to do: your card is charged only if the minimum is met on { $when }. Until then you can change or cancel.
mail-deadline-follower = The campaign closes on { $when }.

mail-reached-subject = { $campaign } reached its minimum
mail-reached = { $raised } was promised, and the minimum was { $minimum }.
mail-reached-charge = Your card is being charged { $total } now. You get a receipt when it is done, or an e-mail if your bank needs you.
mail-not-funded-subject = { $campaign } did not reach its minimum
mail-not-funded = { $raised } was promised by the deadline, and the minimum was { $minimum }. So nobody pays anything.
mail-released-subject = { $campaign } was called off
mail-released = { $campaign } does not go ahead.

mail-card-subject = { $total } for { $campaign } could not be charged yet
mail-card = { $total } could not be charged to your card.
mail-card-next = It is tried again by itself on { $when }.
mail-card-no-next = It is not tried again by itself: your bank needs you, or another card.
mail-card-until = You can confirm with your bank or use another card until { $when }. After that your promise ends and nothing is charged.
mail-card-link = Try again, or use another card

mail-charged-subject = Receipt: { $total } for { $campaign }
mail-charged = Your card was charged { $total }.
mail-dropped-subject = Your promise to { $campaign } ended
mail-dropped = Your card could not be charged in time.
mail-paid-back-subject = { $amount } paid back from { $campaign }
mail-paid-back = A payment of { $amount } came in after your promise had ended. It goes back in full to the card it came from, usually within ten days.

mail-short-subject = { $campaign } collected less than its minimum
mail-short = { $raised } could be collected, and the minimum is { $minimum }. The money stays where it is, and nobody is paid, until it is decided whether the campaign goes on or everything is paid back in full. We write again then.

mail-update-subject = { $title } ({ $project })
mail-update-link = Read it on the campaign’s page

mail-backers-subject = { $count ->
    [one] 1 new backer of { $campaign }
   *[other] { $count } new backers of { $campaign }
}
mail-backers = { $count ->
    [one] In the last day 1 person promised { $promised }.
   *[other] In the last day { $count } people promised { $promised } together.
}
mail-owner-collecting-subject = { $campaign } reached its minimum
mail-owner-collecting = The minimum was promised by the deadline. Cards are being charged now; those that are declined are tried again for 7 days. We write when it is done.
mail-owner-funded-subject = { $campaign } is funded
mail-owner-funded = The collection is over and the minimum was collected. What is due to backers, and when, stands on your campaign’s page.
mail-owner-failed-subject = { $campaign } did not reach its minimum
mail-owner-failed = The minimum was not promised by the deadline. Nobody was charged and every backer has been told.
mail-owner-short = The collection is over, and less than the minimum was collected. The money stays where it is until a steward and you decide whether to go on or to pay everything back.
mail-owner-cancelled = The campaign was called off. Every promise was released and every backer has been told.

mail-review-subject = To review: { $campaign }
mail-review = { $project } sent { $campaign } to be read.
mail-review-link = Read it
mail-changes-subject = Changes asked for { $campaign }
mail-changes = A steward read your campaign and asks for changes before it can open:
mail-changes-link = Edit the campaign
mail-approved-subject = { $campaign } is approved
mail-approved = It opens on { $opens } and closes on { $closes }.

mail-account-enabled-subject = { $project } can be paid
mail-account-enabled = The payment provider can now send this project’s money to its bank. Campaigns that waited for it open.
mail-account-needs-you-subject = The payment provider needs something of { $project }
mail-account-needs-you = The payment provider asks for more before it sends money to this project. Nothing is lost; payouts wait meanwhile.
mail-account-lost-subject = { $project } cannot be paid any more
mail-account-lost = The payment provider no longer pays this project under its account. Campaigns that are funded cannot be paid out until another account is enabled.
mail-bank-changed-subject = The bank details of { $project } were changed
mail-bank-changed = Money of this project now goes to a bank account that ends in { $last }. Nothing is sent there before { $until }. If nobody of you changed this, write to us at once.
mail-account-link = The payout account
mail-waits-subject = { $campaign } waits for the payout account
mail-waits = The campaign was to open today. It opens by itself as soon as the payment provider can pay the project, and its days begin then.
mail-payout-proposed-subject = A payout of { $campaign } is due
mail-payout-proposed = A planned part is due. Two different people approve it before it is sent.
mail-payout-asked-subject = A payout of { $campaign } waits for a second approval
mail-payout-asked = { $who } approved it. A second, different person must approve it before it is sent.
mail-payout-approved-subject = A payout of { $campaign } is approved
mail-payout-approved = { $who } gave the second approval. It is sent as soon as nothing stands in the way.
mail-payout-paid-subject = A payout of { $campaign } is paid
mail-payout-paid = The bank has it. The statement says how the amount came about.
mail-payout-failed-subject = A payout of { $campaign } came back
mail-payout-failed = The money did not arrive: { $reason }. It is held again and can be asked for once more, when the bank details are right.
mail-payout-withdrawn-subject = A payout of { $campaign } was called off
mail-payout-withdrawn = Nothing was sent. The reason given: { $reason }
mail-payout-number = Payout
mail-payout-amount = Amount
mail-payout-link = The payout

mail-why-no-member = You get this because you were a member of the project.
mail-invited-subject = { $by } asks you into { $project }
mail-invited = { $by } asks you to become { $role } of { $project } on Felag. You can accept until { $when }, with an account that has this e-mail address.
mail-invited-link = Look at the invitation
mail-member-added-subject = { $name } is now { $role } of { $project }
mail-member-added = { $name } accepted the invitation of { $by } to become { $role } of { $project }, and from now on takes part in deciding about its money.
mail-member-removed-subject = { $name } is no longer { $role } of { $project }
mail-member-removed = { $name } no longer takes part in deciding about the money of { $project } as { $role }. This was changed by { $by }.
mail-you-left-subject = You are no longer { $role } of { $project }
mail-you-left = Your place as { $role } of { $project } has ended. This was changed by { $by }. If that surprises you, speak with the project’s owners.
mail-members-wrong = If this should not be so, an owner can change it on the page of the members.
mail-members-link = The members
mail-project-link = The project

mail-owner-cancelled-early = The campaign was cancelled before it opened. Nobody had promised anything.
mail-cancelled-follower = You followed it and had promised nothing, so there is nothing to do.
mail-why-account = You get this because you have an account on Felag.
mail-password-changed-subject = Your password was changed
mail-password-changed = The password of your account was changed on { $when }. Every other browser was signed out.
mail-password-changed-not-you = If it was not you, somebody else gets into your account: choose a new password now, and look whether the password of your mailbox is still only yours.
mail-address-works-subject = This address works again
mail-address-works = You asked us to try your address once more, and this e-mail arrived. From now on we write to you again. What was sent in between did not arrive; your account and your gifts show what happened.

mail-factor-link = Your second factor
mail-factor-not-you = If this was not you, set a new password at once and answer this e-mail.
mail-factor-on-subject = Your second factor is on
mail-factor-on = From now on we ask for a code from your phone before you act on money. Keep the recovery codes where you find them without the phone.
mail-factor-off-subject = Your second factor is off
mail-factor-off = Your second factor was switched off, with your password and a code. Before you act on money again we ask you to set up a new one.
mail-member-factor-off-subject = { $member } has no second factor any more
mail-member-factor-off = The second factor of { $member }, who may move the money of { $project }, is off. Until there is a new one, { $member } cannot act on money.
mail-audit-link = The log of the project
mail-recovery-used-subject = A recovery code was used
mail-recovery-used = One of your recovery codes was used instead of a code from your phone. { $left ->
    [0] None is left.
    [one] One is left.
   *[other] { $left } are left.
}
mail-recovery-made-subject = You have new recovery codes
mail-recovery-made = New recovery codes were made. The old ones do not work any more.
mail-factor-reset-asked-subject = Somebody asks to switch your second factor off
mail-factor-reset-asked = Somebody who knows your password says that phone and recovery codes are lost. From { $when } a steward may switch your second factor off.
mail-factor-reset-soon-subject = Your second factor is about to be switched off
mail-factor-reset-soon = You asked to have your second factor switched off. From { $when } a steward may do it.
mail-factor-reset-not-you = If this was not you, take the request back and set a new password. Giving a code takes it back, too.
mail-factor-reset-link = The request
mail-factor-reset-done-subject = A steward has switched your second factor off
mail-factor-reset-done = Your second factor is off, and you are signed out everywhere. Before you act on money we ask you to set up a new one. The steward wrote:
