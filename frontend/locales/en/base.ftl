### The frame of every page, and words used on many.

skip = Skip to the main part
title-error = Error:
sandbox-banner = This is a sandbox: no real money moves and no card is charged.
sandbox-mail = Read its mail
demo-banner = The demo is still being prepared, for about 20 seconds. You can look around; forms do not work until it is ready.

nav-label = Main
nav-search = Campaigns
nav-start = Start a project
nav-reviews = Reviews
nav-projects = My projects
nav-gifts = My gifts
nav-sign-in = Sign in
nav-sign-out = Sign out

foot-label = About Felag
foot-search = Find a campaign
foot-books = Open books
foot-meaning = money laid together.
foot-licence = Felag is free software, AGPL-3.0-or-later.

errors-title = { $count ->
    [one] One thing to put right
   *[other] { $count } things to put right
}
