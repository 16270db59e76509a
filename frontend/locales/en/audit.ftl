### The audit log: who did what to money or trust, when, and why.

audit-title = Log
audit-lead = Acts on money and trust: who, when, what and why. Nobody can change or remove a line.
audit-empty = Nothing stands here.
audit-when = When
audit-who = Who
audit-what = What
audit-why = Why
audit-platform = Felag itself
audit-refused = refused
audit-no-reason = no reason was asked for
audit-kind = Kind
audit-every-kind = Every kind
audit-from = From
audit-until = Until, that day included
audit-look = Look
audit-of-project = Log of { $project }

## Kinds, as audit-<noun>-<verb>.

audit-campaign-approved = Campaign approved
audit-campaign-cancelled = Campaign cancelled
audit-campaign-changes-asked = Changes asked of a campaign
audit-campaign-commons-excepted = Campaign let off a commons return
audit-campaign-resumed = Campaign let go on
audit-campaign-suspended = Campaign paused
audit-campaign-unwound = Campaign unwound
audit-campaign-went-on = Short campaign let go on
audit-commitment-signed = Signed to lend
audit-dispute-accepted = Dispute accepted
audit-dispute-evidence-sent = Evidence sent to a bank
audit-holder-saved = Legal holder saved
audit-loan-signed = Loan signed for the project
audit-member-invited = Asked into the project
audit-member-joined = Came into the project
audit-member-removed = Left the project
audit-member-uninvited = Invitation taken back
audit-payout-approved = Payout approved
audit-payout-asked = Payout asked for
audit-payout-failed = Payout refused by the bank
audit-payout-paid = Payout paid
audit-payout-proposed = Payout proposed by the plan
audit-payout-returned = Payout came back
audit-payout-withdrawn = Payout called off
audit-payout-account-bank-changed = Bank details changed
audit-payout-account-enabled = Payout account can be paid
audit-payout-account-lost = Payout account lost
audit-payout-account-restricted = Payout account needs an answer
audit-payout-account-started = Payout account begun
audit-refund-asked = Money given back
audit-second-factor-recovery-code-used = Recovery code used
audit-second-factor-recovery-codes-made = Recovery codes made
audit-second-factor-reset = Second factor switched off by a steward
audit-second-factor-reset-asked = Asked to have the second factor switched off
audit-second-factor-reset-cancelled = Request about the second factor taken back
audit-second-factor-switched-off = Second factor switched off
audit-second-factor-switched-on = Second factor switched on
