### Cancelling a campaign.

cancellation-link = Cancel the campaign
cancellation-title = Cancel { $campaign }?
cancellation-lead = This holds from the moment you press the button and cannot be taken back. To try again you write a new campaign.
cancellation-means = What happens
cancellation-no-backers = Nobody has promised anything, so nobody loses anything.
cancellation-backers = { $count ->
    [one] 1 person promised { $promised }. The promise ends, and nothing is charged.
   *[other] { $count } people promised { $promised } together. Every promise ends, and nothing is charged.
}
cancellation-released = Every saved card is removed, and every backer is told by e-mail.
cancellation-followers = { $count ->
    [one] 1 follower is told by e-mail, too.
   *[other] { $count } followers are told by e-mail, too.
}
cancellation-owners = Every owner of the project is told by e-mail.
cancellation-public = The campaign’s page and its books stay, and say that it was cancelled.
cancellation-private = Nobody outside the project sees it. It stays in your list as cancelled.
cancellation-do = Yes, cancel it
cancellation-keep = No, keep it
