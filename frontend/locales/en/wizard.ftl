### Pages with a form or a list, shared by projects, campaigns and reviews.

wizard-back = All steps
wizard-change = Change
wizard-next = Next: { $step }
wizard-save = Save and go on
wizard-preview = Preview
wizard-remove = Remove it
wizard-sum-fits = adds up
wizard-sum-must-be = must be { $amount }
edit-stale = Somebody else saved a change while you had this page open. What you typed is still here: compare it with the campaign’s page, then save again to put it in place of theirs.
edit-fixed = This campaign is in review or has been approved, so this can no longer be changed here. Minimum, full plan, deadline, currency and thank-yous are fixed from then on.
