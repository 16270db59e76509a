### Starting and editing a project.

start-title = Start a project
start-lead = An open project has a page of its own, and can hold campaigns one after another. A campaign is written in private and opens after a steward has read it.
start-sign-in-first = You need an account to start a project, so that backers and stewards can reach you.
start-sign-up = Make an account
start-confirm-first = Confirm your e-mail address first: we sent you a link when you signed up.
start-by-hand = Begin with its name
start-from-file = Or begin with its manifest
start-from-file-lead = Many open projects describe themselves in a file: funding.json, publiccode.yml, or Open Know-How (okh.yml, okh.toml). We read it, show you what we found, and make a project and a draft of a campaign from it. Nothing is fetched from the addresses in it.
start-send = Start this project
start-read = Read this manifest

import-file = The file
import-file-hint = At most 512 KiB.
import-paste = Or paste its text
import-nothing = Choose a file or paste its text.
import-too-large = This is longer than 512 KiB. A manifest is a short file.
import-refused = { $reason }.

choose-title = Which project?
choose-lead = The file describes { $count } projects. Choose the one to start now.
choose-which = Project
choose-go-on = Go on

imported-title = What we read
imported-lead = This is what the { $kind } says. Look through it, put right what is wrong, and start the project. A draft of a campaign is made with it.
imported-unread = { $count ->
    [one] One thing could not be read
   *[other] { $count } things could not be read
}
imported-send = Start the project and a campaign draft
imported-facts = Also in the file
imported-facts-lead = This is not kept, but may help you write the campaign.
imported-plan = Funding plan
imported-plan-any = any amount
imported-holder = Who holds the rights
imported-holder-hint = Say later who answers for the money; we do not take it from a file.
imported-documentation = Documentation
imported-keywords = Keywords
imported-stage = Stage
imported-based-on = Built on
imported-parts = Parts
imported-licence = Licence as written
imported-ask = Ask taken from a plan
imported-ask-hint = Minimum and full plan of the draft begin with it.

project-name = Name
project-summary = One line about it
project-summary-hint = 10 to 200 characters.
project-edit-title = Edit { $project }
project-edit-lead = This is the project’s public page. It outlives its campaigns.
project-edit-story = About the project
project-edit-story-hint = You can use Markdown. At most 20,000 characters.
project-place = Place
project-place-hint = Town or country. May stay empty.
project-edit-homepage = Homepage
project-edit-repository = Repository
project-edit-licences = Licences of what there is already
project-edit-licences-hint = Short names from the SPDX list, one a line, such as CERN-OHL-S-2.0.
project-reply-to = Where answers go
project-reply-to-hint = Answers to the project’s e-mails arrive at this address.
project-edit-save = Save
project-edit-back = My projects

holder-title = Who answers for the money of { $project }
holder-lead = The legal holder gets the money of a funded campaign and stands on every receipt. This is shown in public, apart from the name of who signs.
holder-name = Registered name
holder-form = Legal form
holder-form-association = Association
holder-form-foundation = Foundation
holder-form-cooperative = Co-operative
holder-form-company = Company
holder-form-public-body = Public body
holder-form-person = Person
holder-choose = Choose …
holder-country = Country
holder-address = Registered address
holder-register = Register number
holder-tax-number = Tax number
holder-optional = May stay empty.
holder-signatory = Who signs for it
holder-signatory-hint = The person with whom stewards speak about money. Not shown in public.
holder-none = Not named yet
holder-register-line = Register: { $number }
holder-tax-line = Tax number: { $number }

role-owner = owner
role-editor = editor
role-treasurer = treasurer

mine-title = My projects
mine-empty = You are not a member of a project yet.
mine-edit = Edit the page
mine-campaign = Campaign
mine-state = State
mine-new-campaign = New campaign
project-stale = Somebody else saved a change while you had this page open. What you typed is still here: compare it with the project’s page, then save again to put it in place of theirs.
