### Why the rules say no, beside the field or on top of the form. The ids come from the domain crate.

amount-empty = Write an amount.
amount-not-a-number = Write the amount as a plain number, such as 25 or 25.50, without spaces or marks between thousands.
amount-negative = The amount cannot be below zero.
amount-zero = The amount must be above zero.
amount-too-many-decimals = Write at most { $allowed } decimals. Leave out marks between thousands.
amount-no-decimals = This currency has no decimals. Write a whole number, without marks between thousands.
amount-too-large = This amount is too large.
amount-foreign-currency = This is in { $expected }. Write the amount in that currency.
amount-too-small = The smallest amount is { $smallest }.
amount-last-digit = With what you give to Felag, the last digit must be 0: cards in this currency are charged in steps of ten.
campaign-bank-currency = The project’s bank account at the payment provider does not take { $currency }. Give the provider one that does, or hold the campaign in the currency of the bank account.
amount-above-largest = The largest amount is { $largest }.

pledge-closed = This campaign takes no pledges now. Nothing was charged.
pledge-wrong-currency = This campaign is held in { $expected }. Write the amount in that currency.
pledge-below-reward = The thank-you you chose needs { $price } or more. Choose another one or raise the amount.
pledge-cannot-be-cancelled = This pledge can no longer be cancelled: its campaign’s deadline has passed, or the pledge has ended.
pledge-cannot-do-that = This is not possible for this pledge now. Load the page again to see where it stands.
pledge-payment-after-end = This pledge had already ended. The payment is being refunded in full.

tip-too-large = On this amount something for Felag can be { $largest } at most.
tip-negative = This cannot be below zero. Leave it at 0 to give nothing to Felag.

text-empty = Write something here.
text-too-short = Write at least { $min } characters.
text-too-long = Write at most { $max } characters.
text-control-characters = There are characters here that cannot be seen. Remove them, or type the text again.

email-empty = Write your e-mail address.
email-too-long = This e-mail address is too long.
email-not-ascii = Write the e-mail address with the letters a to z only. A domain in another script has such a form too.
email-not-an-address = This is not an e-mail address. It looks like name@example.org.

password-too-short = Use at least { $min } characters.
password-too-long = Use at most { $max } characters.
password-blank = A password of blanks only is too easy to guess.
password-is-the-email = Use something other than your e-mail address.
password-too-common = This is one of the most used passwords. Choose another one.

licence-empty = Name a licence.
licence-unreadable = “{ $part }” is not a licence we can read. Use its short name from the SPDX list, such as CERN-OHL-S-2.0, or several joined by AND or OR.
licence-not-open = { $licence } is not an open licence. Choose one that lets everybody use, study, change and share it, also for trade.

commons-return-due-in-the-past = This day has passed. Choose one to come.

campaign-minimum-not-positive = The minimum must be above zero.
campaign-full-plan-below-minimum = The full plan cannot be below the minimum of { $minimum }.
campaign-different-currencies = Minimum and full plan must be in the same currency.
campaign-full-plan-too-large = A campaign can ask for { $largest } at most.
campaign-duration-out-of-range = A campaign is open for { $min } to { $max } days.
campaign-cannot-be-submitted = This campaign was already approved or has ended, so it cannot be sent for review.
campaign-not-in-review = This campaign is not in review now. Load the page again to see where it stands.
campaign-cannot-be-cancelled = This campaign can no longer be cancelled.
campaign-cannot-do-that = This is not possible for this campaign now. Load the page again to see where it stands.

campaign-missing-story = Write the story: what the money does.
campaign-missing-risks = Write what could go wrong.
campaign-missing-legal-holder = Say who answers for the money: the project needs a legal holder.
campaign-missing-budget-at-minimum = The budget at the minimum adds up to { $budget }. It must be { $minimum }.
campaign-missing-budget-at-full-plan = The budget at the full plan adds up to { $budget }. It must be { $full }.
campaign-missing-commons-return = Say what everybody gets: at least one thing under an open licence, with a day and a place.

budget-line-at-minimum-negative = This cannot be below zero. Write 0 if the line is only in the full plan.
budget-line-at-full-plan-not-positive = The amount at the full plan must be above zero.
budget-line-at-minimum-above-full-plan = At the minimum a line cannot cost more than at the full plan, { $full }.
budget-line-wrong-currency = This campaign is held in { $expected }. Write the amounts in that currency.

reward-wrong-currency = This campaign is held in { $expected }. Write the price in that currency.
reward-limit-out-of-range = Write how many there are, from 1 to { $max }, or leave it empty.
reward-delivery-not-a-month = Choose the month in which it should arrive.

web-address-unreadable = Write a whole web address, such as https://example.org.
project-too-many-licences = Name at most { $max } licences.
holder-country-unknown = Choose a country.
holder-form-unknown = Choose a legal form.
too-many-of-these = There can be { $max } of these at most. Remove one first.

factor-code-empty = Write the code.
factor-code-not-a-code = A code from the phone has six digits; a recovery code has sixteen letters and digits.
factor-code-wrong = This is not the code of this moment. Look at the phone once more; a code changes every 30 seconds.
factor-code-used = This code was used already. Wait until the phone shows the next one.
factor-code-wait = There were too many wrong codes. Try again in { $minutes } min.

payout-cannot-be-approved = This payout cannot be approved any more. Nothing was changed.
payout-cannot-be-withdrawn = This payout was sent already and cannot be called off. Nothing was changed.
payout-cannot-do-that = This payout cannot do that now. Nothing was changed.
payout-above-held = That is more than is held. At most { $held } can be paid out. Nothing was changed.
payout-above-plan = That is more than the plan lets out by now: { $released }. Nothing was changed.
payout-nothing-due = Nothing can be paid out now: the next planned part is not due, or nothing is held.
payout-nothing-left = Costs and what the project owes back would take all of it. Nothing was changed.
payout-under-way = Another payout of this campaign is under way. Wait until it is paid, or call it off.
payout-same-person = You approved this payout before. A second, different person must approve it. Nothing was changed.
payout-second-steward = A steward approved this payout before. An owner or treasurer of the project must approve it, too. Nothing was changed.
payout-not-funded = This campaign is not funded, so nothing can be paid out.
payout-no-account = The project’s payout account cannot be paid. Look at it first.
payout-bank-changed = The bank details were changed. Nothing is sent for 72 hours after that.
payout-dispute-open = A backer’s bank disputes a gift. Nothing is paid out until that is decided.
payout-reason-short = Write why, in 5 to 500 characters.
payout-account-no-holder = First say who answers for the project’s money.
payout-account-country = The payment provider does not make an account for this project. It may not pay out in the country of the legal holder. Nothing was changed.
payout-account-no-link = The payment provider did not open its page for this account. Look at the account’s state below.
plan-empty = Write at least one part.
plan-too-many = Plan at most { $most } parts.
plan-percent = Write a whole number of percent, from 1 to 100.
plan-days = Write a whole number of days, such as 0 or 30.
plan-too-late = No part may wait longer than { $most } days after collection ends.
plan-order = Each part must fall due later than the one before.
plan-sum = The parts add up to { $sum } %. They must be 100 % together.
member-last-owner = A project keeps at least one owner. Make somebody else an owner first.
member-already = Somebody with this address has that place in the project already.
invitation-too-many = A project can ask { $max } people in within a day. Try again tomorrow.
invitation-not-confirmed = Confirm the e-mail address of your account first: your account page sends you the link. Then open this invitation again.
invitation-other-address = This invitation was sent to { $invited }, and your account has another address. Sign in with the account of that address, or ask for an invitation to the one you use.

books-kind-unknown = Choose one of the kinds.
books-day-unreadable = Write the day as year, month and day, such as 2026-11-22.
books-until-before-from = The last day is before the first.

refund-nothing-left = Everything was given back before.
refund-too-much = No more than { $left } is left of this gift.
refund-not-positive = Write an amount above zero.
refund-wrong-currency = Write the amount in the currency that was paid.
refund-disputed = The backer’s bank has taken this payment back and is deciding about it. Nothing can be given back meanwhile.
refund-not-sendable = The last digit must be 0: amounts in this currency are sent in steps of ten.
dispute-nothing-said = Write at least one of the three.
campaign-go-on-percent = Choose from { $min } to { $max } percent.
loan-cannot-be-signed = The loan can be signed once lending has closed, until the campaign's deadline.
loan-is-over = The loan is over.
loan-cannot-do-that = That cannot be done with the loan as it stands now.
commitment-cannot-be-revoked = This commitment binds: it cannot be taken back any more.
commitment-cannot-do-that = That cannot be done with the commitment as it stands now.
commitment-payment-after-end = The commitment had ended: the payment goes back.

loan-terms-principal = The amount is too large. The largest is 1,000,000,000,000 in a currency with two decimals.
loan-terms-rate = The rate is 1000 % a year at most.
loan-terms-interest-free = A loan without interest has a rate of 0.
loan-terms-count = There are 1 to { $most } instalments.
loan-terms-first-due = The first instalment falls due after the loan is paid out.
loan-terms-too-late = The last instalment falls due beyond the calendar. Make it fewer, or more often.
loan-terms-fee = The fees are between zero and the amount of the loan.
loan-terms-overflow = The interest of these terms is more than can be counted. Lower the rate, or make it fewer instalments.

quote-currency-unknown = Write the three letters of a currency, such as EUR.
quote-rate-not-a-number = Write the rate in percent a year as a plain number with eight decimals at most, such as 4.25.
quote-count-not-a-number = Write how many instalments there are, as a whole number.
quote-period-unknown = Instalments are weekly, two-weekly, monthly or quarterly.
quote-kind-unknown = A loan is repaid in equal-instalments, equal-principal, flat, bullet or interest-free.
quote-grace-unknown = Grace is none, interest-only or deferred-interest.
quote-grace-not-a-number = Write how many instalments of grace there are, as a whole number above zero.
quote-grace-of-which-kind = Choose what kind of grace it is, or leave this empty.
quote-day-count-unknown = Days are counted as 30/360, 30E/360, actual/360, actual/365F, actual/364, NL/365 or actual/actual.
quote-date-unreadable = Write a day from 1900 to 2200 as year, month and day, such as 2027-01-31.

lender-keep-not-offered = The rules of your loans do not let Felag keep what comes back: it is sent on to you.
lender-gift-not-kept = What comes back of this loan is sent on to you. To give of it, have it kept first.
lender-gift-frozen = Your bank took back what it paid for this loan. Until that is decided nothing of it can be given.
lender-gift-not-now = The campaign of this loan cannot be paid out now, so nothing can be given to it.
lender-gift-too-small = The least that can be given is { $least }.
lender-gift-too-much = No more than { $most } is kept of this loan.
commitment-above-kept = No more than { $most } is kept here for you and not promised to a loan yet.
commitment-nothing-kept = Nothing is kept here for you that could be lent to this loan.
