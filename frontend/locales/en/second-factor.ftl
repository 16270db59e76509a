### The second factor: setting it up, giving a code, recovery codes, a lost phone.

proof-address = First confirm your e-mail address
proof-address-why = Whoever acts on money must be reachable. Open the link in the mail we sent when you opened the account, or have it sent again.
proof-address-do = To my account
proof-code = First give a code from your phone
proof-code-why = Before anything happens to money we ask for a code from your phone. It counts for a quarter of an hour, and that is over.
proof-code-do = Give a code
proof-nothing-changed = Nothing was changed and no money moved. After that, go back and send the form again.

factor-title = Second factor
factor-lead = Before you act on money we ask for a code from your phone: a stolen password alone moves nothing.
factor-needed = What you were about to do touches money. Set up a second factor first; then we lead you on.
factor-begin-means = You need a program that makes six-digit codes (TOTP) on your phone or computer. Many password managers have one.
factor-begin = Set it up
factor-on = It is on
factor-since = since
factor-codes-left = { $left ->
    [0] You have no recovery codes left. Make new ones.
    [one] You have one recovery code left. Make new ones soon.
   *[other] You have { $left } recovery codes left.
}
factor-renew = New recovery codes
factor-off = Switch it off
factor-other-phone = For another phone, switch it off with a code from the old one or a recovery code, and set it up again.
factor-lost-title = Phone lost?
factor-lost-first = A recovery code stands in for the phone: use it to switch the second factor off.
factor-lost-ask = I have no recovery codes either
factor-lost-waiting = You asked to have your second factor switched off. From { $when } a steward may do it.
factor-lost-cancel = Take the request back
factor-done-off = Your second factor is off. Before you act on money we ask you to set up a new one.
factor-done-lost = We have sent you an e-mail. A steward may switch your second factor off in 72 hours.
factor-done-cancelled = The request is taken back.
factor-done-code = Thank you. You can act on money for a quarter of an hour.
factor-done-recovery = Thank you. That recovery code is used up; { $left ->
    [0] none is left.
    [one] one is left.
   *[other] { $left } are left.
}

factor-code = Code
factor-code-hint = Six digits from your phone, or a recovery code.
factor-code-phone-hint = Six digits from your phone.
factor-password-wrong = This is not your password.

setup-title = Set up your second factor
factor-scan = Show this to your phone
factor-scan-how = Let the program on your phone read the square.
factor-square = A square code with the secret for your phone. The same secret stands below in letters.
factor-type = Or type these letters into it:
factor-this-device = The program is on this device: open it there
factor-first-code = Then type the first code
factor-switch-on = Switch it on
factor-demo-code = In this demo your code is { $code } right now.
factor-demo-wait = In this demo you need no phone, but this moment’s code was used. Load this page again in half a minute.

recovery-title = Keep these recovery codes
recovery-lead = Your second factor is on. With one of these codes you get in when the phone is lost. Each works once.
recovery-codes = Ten recovery codes
recovery-once = They are shown only now. Print them or keep the file where you find it without the phone.
recovery-file = Save as a text file
recovery-file-head = Recovery codes for { $email } on Felag. Each works once.
recovery-go-on = I have kept them, go on

confirmation-title = Give a code
confirmation-lead = What you are about to do touches money. The code counts for a quarter of an hour in this browser.
confirmation-do = Go on
confirmation-lost = Phone and recovery codes are lost

renew-title = New recovery codes
renew-lead = The old codes stop working at once.
renew-do = Make new codes
renew-back = Back

off-title = Switch the second factor off
off-lead = You cannot act on money until there is a new one. Other owners of your projects are told.
off-do = Switch it off

lost-title = Phone and recovery codes are lost
lost-lead = A steward can switch your second factor off. That takes at least 72 hours.
lost-means = We write to you now and once more a day before. Until then you, or whoever still gives a right code, can take it back.
lost-do = Ask for it

resets-title = Lost second factors
resets-lead = People who have lost phone and recovery codes. After 72 hours a steward may switch their second factor off.
resets-empty = Nobody waits.
resets-who = Who
resets-asked = Asked
resets-ready = Possible from
resets-is-ready = now
resets-done = The second factor is off. The person was told.
reset-one-title = A lost second factor
reset-one-lead = { $name } ({ $email }) has lost phone and recovery codes.
reset-one-means = It is switched off at once, and the person is signed out everywhere and told with your reason. Make sure by another way than e-mail who asks.
reset-one-wait = The 72 hours are not over. Until then the person may take it back.
reset-one-do = Switch it off
reset-one-own = Another steward decides about your own second factor.
reset-one-over = This was taken back or done meanwhile.
factor-reset-reason = Reason
factor-reset-reason-hint = How you made sure. It stands in the log, and the person reads it.
