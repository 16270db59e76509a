# The documents of a loan: key information sheet and agreement.

paper-page = Page { $number } of { $of }
papers-title = Documents
papers-lead = Read both before you sign. Each version is kept as it was made.
papers-sheet = Key information sheet, version { $version } (PDF)
papers-agreement = Loan agreement, version { $version } (PDF)
papers-sheet-earlier = Key information sheet as it was, version { $version } (PDF)
papers-own = Your copy of the agreement (PDF)
papers-sheet-hash = Hash of the key information sheet
papers-agreement-hash = Hash of the agreement
papers-lenders = Lenders who signed
papers-lenders-lead = Each has a copy of the agreement with both signatures. Only that lender, the owners of this project and stewards can open it.
papers-lender = { $name }: { $amount } (PDF)

paper-sheet-title = Key information sheet: { $campaign }
paper-sheet-foot = Key information sheet, version { $version }: { $campaign }
paper-disclaimer = This crowdfunding offer has been neither verified nor approved by competent authorities or the European Securities and Markets Authority (ESMA). The appropriateness of your experience and knowledge have not necessarily been assessed before you were granted access to this investment. By making this investment, you assume full risk of taking this investment, including the risk of partial or entire loss of the money invested.
paper-lose-all = You may lose all of it.
paper-risk-warning = Investment in this crowdfunding project entails risks, including the risk of partial or entire loss of the money invested. Your investment is not covered by the deposit guarantee schemes established in accordance with Directive 2014/49/EU of the European Parliament and of the Council. Nor is your investment covered by the investor compensation schemes established in accordance with Directive 97/9/EC of the European Parliament and of the Council. You may not receive any return on your investment. This is not a savings product and we advise you not to invest more than 10 % of your net worth in crowdfunding projects. You may not be able to sell the investment instruments when you wish. If you are able to sell them, you may nonetheless incur losses.
paper-version = Version
paper-hash = Hash of what this sheet says
paper-part-owner = A. Who borrows, and for which project
paper-responsible = The project owner declares that, to the best of its knowledge, no information has been omitted or is materially misleading or inaccurate. The project owner is responsible for the preparation of this key investment information sheet.
paper-part-raising = B. How the money is raised
paper-part-loan = G. The loan
paper-part-risks = C. What may go wrong
paper-part-costs = H. Costs, and what you can do
paper-borrower = Borrower
paper-form = Legal form
paper-register = Register number
paper-address = Address
paper-country = Country
paper-project = Project
paper-may-not-shrink = It may not shrink
paper-day-count = Interest is counted by
paper-no-dates = The dates are known once the campaign has opened.
paper-target = To be lent
paper-least-lent = At least
paper-minimum = The campaign’s minimum
paper-full-plan = The campaign’s full plan
paper-reflection = You may take back what you signed, free and without a reason, within { $days } calendar days after you signed. If this sheet changes while you can still lend, your days begin again. Your card is charged after the campaign’s deadline at the earliest.
paper-if-missed = If less than the least amount can be collected, or the campaign does not reach its minimum, the loan does not come about: nothing is charged, or all of it goes back to the lenders. If it can shrink and less than the full amount is collected, what was collected is the loan. A loan that is not paid out within 30 days after it was collected goes back to the lenders too.
paper-risks-always = Every loan has these risks: the project may be late or may not pay at all; you cannot count on getting your money back earlier than agreed, or on selling your share; this platform is a go-between, owes you nothing of the loan and may itself end.
paper-costs = Lending costs lenders nothing. The cost of the payment provider, for collecting the loan and each of its instalments, and the platform’s fee fall on the borrower: they come off what is paid out, and count in what the loan costs the project a year.
paper-servicing = Repayments are collected through the payment provider and split over the lenders by their shares, to the cent. If the project is late, every lender is told. A new plan needs the lenders’ votes.
paper-complaints = Complaints are free. Use the form that the platform’s pages link to; you get an acknowledgement and a reasoned answer.

agreement-title = Loan agreement: { $campaign }
agreement-foot = Loan agreement, version { $version }: { $campaign }
agreement-borrower = The borrower
agreement-sheet-hash = Hash of the key information sheet
agreement-hash = Hash of this agreement as published
agreement-signatures = Signatures
agreement-lender = Lender
agreement-share = Share that was collected
agreement-parties = 1. Who agrees with whom
agreement-parties-words = The borrower borrows from each lender who signs this agreement, from each for the amount that lender signed for. No lender answers for another. The platform brings them together, keeps the books and sends the money on; it is no party to the loan.
agreement-lending = 2. Lending
agreement-lending-words = A lender signs with name and password. Within { $days } calendar days after signing, the lender may take it back, free and without a reason. If the key information sheet changes meanwhile, these days begin again; who does nothing in them stays bound by what they signed, with the sheet as it is then. The borrower signs once lending has closed, for the amount above at most. Cards are charged after the campaign’s deadline. A lender whose card cannot be charged leaves the agreement. If less than the least amount is collected, nobody owes anything, and what was charged goes back.
agreement-paying-out = 3. Paying out
agreement-paying-out-words = What was collected is the loan. It is paid to the borrower’s own account at the payment provider, less the costs of clause 8. Interest runs from the day it was paid out. If it is not paid out within 30 days after it was collected, all of it goes back to the lenders.
agreement-repaying = 4. Paying back
agreement-repaying-words = The borrower pays the instalments of the schedule on their dates. The dates and the amounts are final once the loan was paid out. A card or a bank account is debited { $notice } days after it was announced at the earliest, or the borrower pays by itself. What comes in pays what is past due first, the oldest first; within an instalment fees, interest, then the loan. It is split over the lenders by their shares, to the cent, and sent on to them.
agreement-early = 5. Paying back early
agreement-early-words = The borrower may pay back all or a part at any time: what is left of the loan and the interest up to that day. Later interest is not owed, and there is no penalty.
agreement-late = 6. Being late
agreement-late-words = On a part of the loan that is past due, interest runs at the rate of the loan, by the day, by a year of 365 days, never on interest. There is no other penalty. All lenders are told. A loan that is more than 90 days late is in default, and the whole of what is left may be asked for.
agreement-new-plan = 7. A new plan
agreement-new-plan-words = A borrower that cannot keep the schedule may propose a new one. It holds for every lender if lenders with at least a third of what is left of the loan vote, more of them say yes than no, and those who say yes hold more than half of what is left of the loan.
agreement-costs = 8. Costs
agreement-costs-words = The borrower bears the cost of the payment provider and the platform’s fee. They come off what is paid out, and so does what collecting the instalments of the schedule will cost, by the published price: for that nothing is asked later, whatever the provider keeps. Lenders pay nothing.
agreement-law = 9. Law
agreement-law-words = The law of the country in which the borrower is established holds, as far as the law of the lender’s country does not protect the lender better.

loan-change-title = Change what the sheet says
loan-change-lead = Amount, interest and schedule are fixed. What you say of purpose, security, figures and risks can change while lending is open. Every lender is told and may take back their commitment for some days.
loan-change-review = Go on
loan-change-what = If you publish this
loan-change-version = The key information sheet becomes version { $version }. The versions before can still be read.
loan-change-told = { $count ->
    [0] Nobody has committed yet: nobody is told.
    [one] One lender is told by e-mail, and may take theirs back, free, until { $until }. Doing nothing, they stay.
   *[other] { $count } lenders are told by e-mail, and may take theirs back, free, until { $until }. Doing nothing, they stay.
}
loan-change-publish = Publish the change
loan-change-was = It said
loan-change-is = It says
loan-change-empty = Nothing
loan-change-back = Change it once more
loan-change-closed = Lending has closed: the sheet cannot change any more.
loan-change-nothing = Nothing is different from the version in force.
loan-paper-too-long = The key information sheet would be longer than six pages. Please shorten what you wrote.
loan-repayments = Repayments
commitment-next-reopened = The project changed what its sheet says: version { $version } is in force. You have your days again. If you do nothing, what you signed stands.
papers-sheet-draft = Key information sheet as it would be now (PDF)
review-check-loan = Loan
review-loan-amount = { $amount }, { $least } at least
review-loan-counts = Firm commitments count towards the campaign’s minimum.
review-loan-counts-not = The campaign’s minimum counts gifts only.
campaign-loan-title = A loan of { $amount }
campaign-loan-terms = { $percent } % a year, { $count } instalments, { $period }, in { $kind }.
campaign-loan-committed = { $committed } committed by { $count ->
    [one] one lender
   *[other] { $count } lenders
}.
campaign-loan-counts = The minimum of { $minimum } counts gifts and firm commitments to lend; the loan is a part of the full plan of { $full }.
campaign-loan-gifts = The minimum of { $minimum } counts gifts alone; the loan is a part of the full plan of { $full }.
loan-keeps-what-comes = This campaign keeps what comes: gifts are charged at once. A loan is collected after a deadline that decides, so it needs a campaign with a minimum that decides. Change the way of the campaign first.
basics-way-with-loan = This campaign asks for a loan, which needs a minimum that decides. Ask for no loan first.
basics-currency-with-loan = This campaign asks for a loan in its currency. Ask for no loan first.
basics-plan-below-loan = The loan is a part of the full plan, so the full plan is at least the loan.
loan-interest-free-only = Only loans without interest can be asked for here: type 0.
commitment-above-limit = By the rules for this loan you may lend { $most } at most.
