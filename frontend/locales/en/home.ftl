### The first page, search and the project's page.

home-title = Lay your money together.
home-lead = Felag pays for things everyone may use: open hardware, free software, shared workshops. Promise what you can. Your card is charged only if enough people do, and you can read every line of the books.
home-find = Find a campaign
home-start = Start one
home-books = In the books
home-books-empty = Nothing yet. The first promise will stand here.
home-totals = All campaigns together
home-promised = promised in open campaigns
home-collected = collected by campaigns that reached their minimum
home-open = Campaigns open now
home-count = { $count ->
    [0] none at the moment
    [one] 1 campaign
   *[other] { $count } campaigns, the one closing soonest first
}
home-empty = No campaigns are open.
home-empty-hint = Start one, and it will stand here after a steward has read it.
home-all = All campaigns

how-title = How it works
how-1-title = You promise
how-1 = You choose an amount and save a card with our payment provider. Nothing is charged.
how-2-title = The deadline decides
how-2 = If the promises reach the campaign’s minimum, every card is charged once. If not, nobody pays anything.
how-3-title = The books are open
how-3 = Every promise, charge and fee is a line in a public book. No line can be changed afterwards.
how-4-title = It stays open
how-4 = Every campaign says what everybody gets, under which open licence, when and where.

search-title = Campaigns
search-words = Search
search-state = Which
search-open = Open now
search-ended = Ended
search-all = All
search-show = Show
search-results = Results
search-found = { $count ->
    [0] No campaign found
    [one] 1 campaign found
   *[other] { $count } campaigns found
}
search-nothing = Nothing matches.
search-nothing-hint = Try fewer or other words, or look through all campaigns.
search-everything = Show all campaigns

project-manage = Manage
project-about = About the project
project-facts = Facts
project-campaigns = Campaigns
project-no-campaigns = No campaigns yet.
project-holder = Who answers for the money
project-holder-hint = The legal holder gets the money of a funded campaign, and stands on every receipt.
project-licences = Licences
project-links = Elsewhere
project-homepage = Homepage
project-repository = Repository
project-members = People
