### Updates of a campaign, and following it by e-mail.

update-write = Write an update
update-write-lead = It stands on the campaign’s page, and everybody who follows or backs the campaign gets it by e-mail. You see it once more before it goes out.
update-title = Title
update-body = Update
update-body-hint = In Markdown: blank lines between paragraphs, **bold**, [words](https://example.org), - for lists.
update-show = Preview
update-preview = Preview
update-readers = { $count ->
    [0] Everybody who follows this campaign gets this by e-mail. It cannot be taken back.
    [one] 1 backer and everybody who follows this campaign get this by e-mail. It cannot be taken back.
   *[other] { $count } backers and everybody who follows this campaign get this by e-mail. It cannot be taken back.
}
update-publish = Publish and send
update-again = Change it
update-campaign = To the campaign
update-too-many = Ten updates a day are enough for one campaign. Wait until tomorrow.
update-not-yet = Updates can be written once the campaign is open.

follow-page = Follow this campaign
follow-asked = Look into your mailbox
follow-asked-lead = We sent a link to { $email }. Open it to confirm that you want e-mails about { $campaign }.
follow-asked-nothing = The link works for 24 hours. Until you confirm, nothing more is sent.
follow-back = Back to the campaign
follow-over = This campaign has ended, so there is nothing more to wait for.
follow-confirm = Follow { $campaign }?
follow-confirm-lead = { $email } gets an e-mail 48 hours before the deadline and when the project has news. One click ends it.
follow-confirm-send = Yes, tell me
following = You follow { $campaign }
following-lead = { $email } gets an e-mail 48 hours before the deadline and when the project has news. One click in any of them ends it.
