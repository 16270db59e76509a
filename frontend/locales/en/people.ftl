### Accounts: sign up, confirm the address, sign in, a new password, one's own account.

people-name = Name
people-name-hint = As it is shown with what you do here. Your own, or another one you go by.
people-name-empty = Write a name.
people-email = E-mail
people-email-hint = We send a link there to make sure that it is yours.
people-password = Password
people-password-new = New password
people-password-current = Password you have now
people-password-hint = At least { $min } characters of any kind. You can paste it from a password manager.

sign-up-title = Open an account
sign-up-lead = To give you need no account. With one you see all your gifts in one place and can start a project.
sign-up-do = Open an account
sign-up-have-one = You have an account? Sign in

signed-up-title = Look into your mail
signed-up-sent = We have written to { $email }.
signed-up-what = The mail has a link that confirms the address. It works once, for 24 hours. You can sign in before that.
mail-not-there = Nothing there after a few minutes? Look into the folder for unwanted mail, and see whether the address above is right.

sign-in-title = Sign in
sign-in-wrong = This address and this password do not belong together. Look at both once more.
sign-in-too-many = There were too many tries at this account. Wait a quarter of an hour, or set a new password: the link for it lets you in at once.
sign-in-password-empty = Write your password.
sign-in-have-none = No account yet? Open one
sign-in-forgotten = Set a new password
sign-in-demo = Look around the demo as
sign-in-demo-password = The password of all of them is
sign-in-demo-owner = owns projects with campaigns in several states
sign-in-demo-backer = has given to some of them
sign-in-demo-lender = has an account and has given once
sign-in-demo-steward = reviews campaigns
sign-in-demo-treasurer = keeps the money of the owner’s projects, together with the owner

reset-ask-title = Set a new password
reset-ask-lead = Write the address of your account. We send a link there with which you choose a new password.
reset-ask-do = Send me a link
reset-asked-title = Look into your mail
reset-asked-sent = If there is an account for { $email }, we have sent a link there.
reset-asked-what = The link works once, for one hour. Until you use it nothing changes.
reset-title = Choose a new password
reset-lead = Saving it signs you in here and signs you out everywhere else.
reset-account = Account
reset-do = Save the new password

confirm-title = Confirm your address
confirm-lead = Somebody opened an account for { $email } under the name { $name }. Was that you?
confirm-what = Confirming joins the gifts made with this address to the account.
confirm-do = Yes, confirm my address
confirm-not-you = It was not you? Then do not confirm it. With a new password of your own the account becomes yours:
confirmed-title = Your address is confirmed
confirmed-lead = { $email } belongs to your account.

link-over-title = This link no longer works
link-over-lead = It was used already, it has run out, or a part of it is missing.
link-over-reset = Your password is unchanged by opening it. You can have a new link sent to you.
link-over-confirm = If your address is not confirmed yet, your account page sends you a new link.

account-title = My account
account-confirmed = confirmed
account-not-confirmed = not confirmed yet
account-confirm-why = Gifts made with this address stand in your account once it is confirmed.
account-send-link = Send the link again
account-name = Change your name
account-name-do = Save the name
account-password = Change your password
account-password-means = Every other browser that is signed in will be signed out.
account-password-do = Save the password
account-password-wrong = This is not the password you have now.
account-factor = To your second factor
account-sign-ins = Where you are signed in
account-sign-ins-what = A sign-in ends by itself after 14 days unused, and after 30 days in any case.
account-since = Since
account-last-used = Last used
account-this-one = This browser
account-end-others = Sign out everywhere else

account-refused = E-mails to this address do not arrive
account-refused-what = On { $when } its mail server refused an e-mail of ours for good. Since then we send nothing there, not even receipts. It said:
account-refused-do = Look whether the mailbox still exists and has room, and ask whoever runs it. Then let us try again: we send you an e-mail at once. Until then your gifts stand under My gifts.
account-refused-unconfirmed = Look at the address above. If it has a mistake, open an account with the right one; this account is removed by itself after 7 days.
account-refused-again = Try again
account-done-mail = We have sent an e-mail to your address. If it does not arrive, this page says so again.

account-done-name = Your name is saved.
account-done-password = Your new password is saved. Every other browser is signed out.
account-done-sign-ins = You are signed out everywhere else.
account-done-link = We have sent the link to your address.
