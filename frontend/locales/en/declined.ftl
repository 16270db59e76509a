# What the bank said about a card, as far as a person can act on it.
declined-insufficient-funds = there is not enough money on the account.
declined-expired-card = the card has expired.
declined-authentication = it wants you to confirm the payment yourself.
declined-cvc = the security code is wrong.
declined-kept-too-little = what is kept here for you was less than what you signed for.
declined-other = the card was declined, without a reason we may pass on.
give-reward-gone = This thank-you is gone: the last one was taken. Choose another, or none.
