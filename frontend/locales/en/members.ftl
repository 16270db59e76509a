### The members of a project: who they are, asking people in, letting them go.

members-title = Members of { $project }
members-lead = A payout needs two different people. Every member is told by e-mail when somebody who may decide about money comes or goes.
members-who = Who
members-role = Place
members-since = Since
members-remove = Remove
members-leave = Leave
members-done-invited = The invitation was sent.
members-done-revoked = The invitation was taken back.
members-done-removed = The place was ended.
members-done-joined = You are a member now.

members-open = Invitations
members-ends = Works until
members-revoke = Take back

members-invite-title = Ask somebody in
members-invite-means = We send a link to this address. It works for 7 days, and only with an account that has this address.
members-invite-do = Send the invitation
member-role-empty = Choose a place.
members-full = This project has as many members and invitations as it can have.

role-choose = Choose …
role-owner-may = Owner: everything, money and members among it
role-editor-may = Editor: the story and updates
role-treasurer-may = Treasurer: the money, together with a second person

removal-title = Remove { $name }?
removal-means = { $name } is { $role } of { $project } and will no longer be. It holds from the moment you press the button. What { $name } wrote stays.
removal-told = We tell { $name } by e-mail, and, because this is about money, every other member.
removal-told-alone = We tell { $name } by e-mail.
removal-do = Yes, remove
removal-leave-title = Leave { $project }?
removal-leave-means = You are { $role } of { $project } and will no longer be. It holds from the moment you press the button; to come back you need a new invitation. What you wrote stays.
removal-leave-do = Yes, leave

invitation-title = { $project } asks you in
invitation-means = { $by } asks you to become { $role } of { $project }.
invitation-ends = You can accept until { $when }.
invitation-sign-in = To accept, sign in with the account whose address is { $email }, or open one with it and confirm it. Then open the link in the e-mail again.
invitation-accept = Accept
invitation-told = Every member is told that you came in, because this place is about money.
