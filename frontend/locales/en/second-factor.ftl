### The second factor: setting it up, giving a code, recovery codes, a lost phone.

proof-address = First confirm your e-mail address
proof-address-why = Whoever acts on money must be reachable. Open the link in the mail we sent when you opened the account, or have it sent again.
proof-address-do = To my account
proof-code = First give a code from your phone
proof-code-why = Before anything happens to money we ask for a code from your phone. It counts for a quarter of an hour, and that is over.
proof-code-do = Give a code
proof-nothing-changed = Nothing was changed and no money moved. After that, go back and send the form again.
