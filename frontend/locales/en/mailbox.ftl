### The mailbox of the sandbox, who a mail is from, and leaving a list.

mailbox-from-project = { $project } via Felag

mailbox-title = Mailbox
mailbox-lead = Every e-mail this sandbox wrote, the newest first. None of them left this machine.
mailbox-filter = Only e-mails to
mailbox-show = Show
mailbox-count = { $count ->
    [0] No e-mails yet.
    [one] 1 e-mail.
   *[other] { $count } e-mails.
}
mailbox-line = To { $to }, from { $from }
mailbox-from = From
mailbox-to = To
mailbox-reply-to = Answers to
mailbox-at = Written
mailbox-kind = Kind
mailbox-text = As text
mailbox-html = As HTML
mailbox-raw = The source, as it would travel
mailbox-sent = sent
mailbox-failed = failed
mailbox-suppressed = not sent: the address bounced, or its holder left this list
mailbox-waiting = waiting

leave-title = Stop these e-mails?
leave-about = { $email } gets e-mails about { $about }. One click ends them.
leave-unnamed = { $email } gets these e-mails. One click ends them.
leave-receipts = Receipts, and e-mails about a payment that needs you, always arrive.
leave-send = Stop these e-mails
left-title = These e-mails have stopped
left-about = { $email } gets no more of these e-mails about { $about }.
left-unnamed = { $email } gets no more of these e-mails.
