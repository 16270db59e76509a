### Pages for when something went wrong.

error-money = Your money:
error-money-untouched = nothing was charged and nothing was changed.
error-money-broken = if you were giving, nothing is charged before the campaign’s deadline, and sending the same form again never makes a second pledge. My gifts and your e-mail show what was saved.
error-home = To the first page
error-request = If you write to us about this, give this number:

error-malformed = This request could not be read
error-malformed-advice = Something in the address or the form was not as it should be. Go back and try once more.
error-forbidden = This is not open to you
error-forbidden-advice = You may have to sign in with another account, or the page belongs to somebody else.
error-stale-form = This form is too old
error-stale-form-advice = It was open for a long time, or it was sent from another site. Go back, load the page again and send it once more.
error-not-found = There is nothing here
error-not-found-advice = The address may be mistyped, or the page may have moved.
error-wrong-method = This address takes something else
error-wrong-method-advice = Go back to the page before and use its buttons.
error-gone = This is no longer here
error-gone-advice = The link was used already, has run out, or what it led to has ended.
error-too-large = That was too much at once
error-too-large-advice = The text or file you sent is larger than we take. Make it smaller and send it again.
error-refused = This could not be done
error-refused-advice = Go back and look at what you sent.
error-too-many = Too many tries
error-too-many-advice = There were many requests from your address in a short time. Wait a few minutes and try again.
error-broken = Something broke on our side
error-broken-advice = We have written it down. Try again in a minute.
error-unavailable = We are busy for a moment
error-unavailable-advice = Try again in a minute.
error-demo-loading = The demo is still being prepared
error-demo-loading-advice = This takes about 20 seconds after the start. You can look around already; forms work when it is ready. Load this page again in a moment.
