"""Drives the payment sandbox with Stripe's own Python package, as a foreign client that shares no code with us.

Needs SANDBOX_URL (http://127.0.0.1:8081/) and SANDBOX_KEY (sk_test_…), the package `stripe` 16, and a sandbox that
delivers its webhooks. Prints one line per check; the exit status is 1 if any of them fails.
"""

import json
import os
import queue
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer

import stripe

stripe.api_base = os.environ["SANDBOX_URL"].rstrip("/")
stripe.api_key = os.environ["SANDBOX_KEY"]
stripe.max_network_retries = 0

failures = 0
received = queue.Queue()


class Receiver(BaseHTTPRequestHandler):
    """Takes webhooks and keeps them for the checks."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        received.put((body, self.headers["Stripe-Signature"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def check(name, good, seen=""):
    global failures
    print(f"{'ok  ' if good else 'FAIL'} {name}{'' if good else f': {seen!r}'}", flush=True)
    failures += not good


def refusal(kind, call):
    """The error of that kind that the call raises, or whatever else came of it."""
    try:
        return call()
    except kind as error:
        return error


def save_card(customer, token):
    setup = stripe.SetupIntent.create(customer=customer.id, payment_method=token, confirm=True, usage="off_session")
    return setup, setup.payment_method


def check_payment(customer):
    setup, card = save_card(customer, "pm_card_visa")
    check("set-up intent succeeds", setup.status == "succeeded" and setup.usage == "off_session", setup)
    method = stripe.PaymentMethod.retrieve(card)
    check("the card belongs to the customer", method.customer == customer.id and method.card.last4 == "4242", method)
    intent = stripe.PaymentIntent.create(
        amount=3000, currency="eur", customer=customer.id, payment_method=card, off_session=True, confirm=True,
        metadata={"pledge": "7"}, expand=["latest_charge.balance_transaction"],
    )
    booked = intent.latest_charge.balance_transaction
    check("off-session payment intent succeeds", intent.status == "succeeded" and intent.amount_received == 3000)
    check("the fee stands in the balance transaction", (booked.fee, booked.net) == (70, 2930), booked)
    check("metadata comes back", intent.metadata["pledge"] == "7", intent.metadata)
    return intent


def check_decline(customer):
    _, card = save_card(customer, "pm_card_chargeCustomerFail")
    error = refusal(stripe.CardError, lambda: stripe.PaymentIntent.create(
        amount=3000, currency="eur", customer=customer.id, payment_method=card, off_session=True, confirm=True))
    good = isinstance(error, stripe.CardError) and error.code == "card_declined" and error.http_status == 402
    check("a decline is a CardError with its code", good, error)
    check("… with its decline code", error.error.decline_code == "generic_decline", error)
    check("… with its payment intent", error.error.payment_intent.status == "requires_payment_method", error)
    method = stripe.PaymentMethod.attach("pm_card_authenticationRequired", customer=customer.id)
    error = refusal(stripe.CardError, lambda: stripe.PaymentIntent.create(
        amount=3000, currency="eur", customer=customer.id, payment_method=method.id, off_session=True, confirm=True))
    check("a bank that asks is a CardError", getattr(error, "code", "") == "authentication_required", error)


def check_refund(intent):
    refund = stripe.Refund.create(payment_intent=intent.id, amount=1000, reason="requested_by_customer")
    check("refund", refund.status == "succeeded" and refund.amount == 1000, refund)
    error = refusal(stripe.InvalidRequestError, lambda: stripe.Refund.create(payment_intent=intent.id, amount=2001))
    check("more than was paid is refused", getattr(error, "param", "") == "amount", error)
    charge = stripe.Charge.retrieve(intent.latest_charge.id)
    check("the charge tells what was refunded", charge.amount_refunded == 1000, charge)


def check_idempotency():
    key = f"felag:test:{uuid.uuid4()}"
    first = stripe.Customer.create(name="Ada", idempotency_key=key)
    second = stripe.Customer.create(name="Ada", idempotency_key=key)
    headers = second.last_response.headers
    replayed = {name.lower(): value for name, value in headers.items()}.get("idempotent-replayed")
    check("the same key gives the same object", first.id == second.id and replayed == "true", headers)
    error = refusal(stripe.IdempotencyError, lambda: stripe.Customer.create(name="Grace", idempotency_key=key))
    check("another request under the key is an IdempotencyError", isinstance(error, stripe.IdempotencyError), error)


def check_refusals():
    error = refusal(stripe.InvalidRequestError, lambda: stripe.Customer.create(nmae="Ada"))
    check("an unknown parameter is named", getattr(error, "code", "") == "parameter_unknown", error)
    error = refusal(stripe.InvalidRequestError, lambda: stripe.Customer.retrieve("cus_none"))
    check("an unknown id is a 404", getattr(error, "code", "") == "resource_missing", error)
    error = refusal(stripe.AuthenticationError, lambda: stripe.Balance.retrieve(api_key="sk_test_other"))
    check("a wrong key is an AuthenticationError", isinstance(error, stripe.AuthenticationError), error)


def check_lists(customer):
    session = stripe.checkout.Session.create(
        mode="setup", customer=customer.id, currency="eur", success_url="http://127.0.0.1:9/{CHECKOUT_SESSION_ID}")
    check("checkout session in setup mode", session.status == "open" and session.url.startswith(stripe.api_base))
    session = stripe.checkout.Session.expire(session.id)
    check("checkout session expires", session.status == "expired" and session.url is None, session)
    intents = [intent.id for intent in stripe.PaymentIntent.list(customer=customer.id, limit=1).auto_paging_iter()]
    check("lists page through", len(intents) == 3 and len(set(intents)) == 3, intents)
    kinds = {event.type for event in stripe.Event.list(limit=100).auto_paging_iter()}
    wanted = {"setup_intent.succeeded", "payment_intent.succeeded", "charge.succeeded", "refund.created",
              "payment_intent.payment_failed", "checkout.session.expired", "payment_method.attached"}
    check("events tell it all", wanted <= kinds, wanted - kinds)
    balance = stripe.Balance.retrieve()
    total = sum(line.amount for line in balance.available) + sum(line.amount for line in balance.pending)
    booked = sum(row.net for row in stripe.BalanceTransaction.list(limit=100).auto_paging_iter())
    check("the balance is the sum of its transactions", total == booked, (total, booked))


def check_webhook():
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = stripe.WebhookEndpoint.create(
        url=f"http://127.0.0.1:{server.server_port}/hook", enabled_events=["customer.created"])
    customer = stripe.Customer.create(email="ada@felag.example")
    try:
        body, signature = received.get(timeout=15)
    except queue.Empty:
        check("a webhook arrives", False, "nothing within 15 s")
        return
    event = stripe.Webhook.construct_event(body, signature, endpoint.secret)
    good = event.type == "customer.created" and event.data.object.id == customer.id
    check("Webhook.construct_event takes a received webhook", good, event)
    error = refusal(stripe.SignatureVerificationError,
                    lambda: stripe.Webhook.construct_event(body + b" ", signature, endpoint.secret))
    check("… and refuses a changed one", isinstance(error, stripe.SignatureVerificationError), error)
    gone = stripe.WebhookEndpoint.delete(endpoint.id)
    check("the endpoint is deleted", gone.deleted is True, gone)
    server.shutdown()


def check_shape(thing):
    """Every member that Stripe's package says is always there is there, and no other is made up."""
    hints = {name: str(hint) for name, hint in type(thing).__annotations__.items()
             if not name.startswith("_") and not name.isupper() and "ClassVar" not in str(hint)}
    members = thing.to_dict(recursive=False)
    always = [name for name, hint in hints.items() if "Optional" not in hint and "NoneType" not in hint]
    missing = [name for name in always if members.get(name) is None]
    foreign = [name for name in members if name not in hints]
    name = f"shape of {type(thing).__name__} {members.get('type') or ''}".rstrip()
    check(name, not missing and not foreign, (missing, foreign))


def control(path, wish):
    request = urllib.request.Request(f"{stripe.api_base}/_ctl/{path}", json.dumps(wish).encode(),
                                     {"content-type": "application/json"})
    return json.loads(urllib.request.urlopen(request, timeout=10).read())


def check_account():
    account = stripe.Account.create(
        controller={"fees": {"payer": "application"}, "losses": {"payments": "application"},
                    "stripe_dashboard": {"type": "express"}},
        capabilities={"transfers": {"requested": True}}, country="DE", business_type="non_profit",
        settings={"payouts": {"schedule": {"interval": "manual"}}}, metadata={"project": "7"})
    check("account by controller properties", not account.payouts_enabled and account.requirements.currently_due, account)
    error = refusal(stripe.InvalidRequestError, lambda: stripe.Account.create(type="express"))
    check("an account by its old type is refused", getattr(error, "param", "") == "type", error)
    link = stripe.AccountLink.create(
        account=account.id, type="account_onboarding", refresh_url="http://127.0.0.1:9/again",
        return_url="http://127.0.0.1:9/back")
    check_shape(link)
    page = urllib.request.urlopen(link.url, timeout=10)
    visit = page.url.split("visit=")[1]
    form = {"visit": visit, "name": "Open Oven", "kind": "non_profit", "bank": "DE89370400440532013000",
            "currency": "EUR", "end": "finish"}
    try:
        urllib.request.urlopen(page.url.split("?")[0], urllib.parse.urlencode(form).encode(), timeout=10)
    except urllib.error.URLError:
        pass  # The form leads on to an address where nobody listens.
    account = stripe.Account.retrieve(account.id)
    good = account.payouts_enabled and account.capabilities.transfers == "active"
    check("a hosted page later it can be paid out", good, account)
    check_shape(account)
    check_shape(account.external_accounts.data[0])
    events = stripe.Event.list(stripe_account=account.id)
    check("its events name it", events.data[0].type == "account.updated" and events.data[0].account == account.id)
    check_shape(events.data[0])
    return account


def check_money_out(account, customer):
    _, card = save_card(customer, "pm_card_bypassPending")
    intent = stripe.PaymentIntent.create(
        amount=10000, currency="eur", customer=customer.id, payment_method=card, off_session=True, confirm=True,
        expand=["latest_charge"])
    transfer = stripe.Transfer.create(amount=4000, currency="eur", destination=account.id, transfer_group=f"group-{account.id}")
    check_shape(transfer)
    error = refusal(stripe.InvalidRequestError, lambda: stripe.Transfer.create(
        amount=900000, currency="eur", destination=account.id))
    check("more than there is cannot be sent", getattr(error, "code", "") == "balance_insufficient", error)
    tied = stripe.Transfer.create(
        amount=1000, currency="eur", destination=account.id, source_transaction=intent.latest_charge.id)
    check("a transfer can be tied to its charge", tied.source_transaction == intent.latest_charge.id, tied)
    reversal = stripe.Transfer.create_reversal(transfer.id, amount=500)
    check_shape(reversal)
    listed = [one.id for one in stripe.Transfer.list(transfer_group=f"group-{account.id}").auto_paging_iter()]
    check("transfers are listed by their group", listed == [transfer.id], listed)
    balance = stripe.Balance.retrieve(stripe_account=account.id)
    check("the account has its balance", balance.available[0].amount == 4500, balance)
    payout = stripe.Payout.create(amount=3000, currency="eur", stripe_account=account.id)
    check("payout", payout.status == "pending" and payout.amount == 3000, payout)
    check_shape(payout)
    for row in stripe.BalanceTransaction.list(limit=100, stripe_account=account.id).auto_paging_iter():
        check_shape(row)
    rows = [row.net for row in stripe.BalanceTransaction.list(limit=1, stripe_account=account.id).auto_paging_iter()]
    check("its rows add up to its balance", sum(rows) == 1500 and len(rows) == 4, rows)
    return intent


def check_dispute(intent):
    refund = stripe.Refund.create(payment_intent=intent.id, amount=1000)
    check_shape(refund)
    control("disputes", {"payment_intent": intent.id, "amount": 2000, "reason": "product_not_received"})
    dispute = stripe.Dispute.list(payment_intent=intent.id).data[0]
    check("dispute", dispute.status == "needs_response" and dispute.amount == 2000, dispute)
    check_shape(dispute)
    dispute = stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "winning_evidence"}, submit=True)
    check("evidence is taken", dispute.status == "under_review", dispute)
    control(f"disputes/{dispute.id}", {"do": "win"})
    dispute = stripe.Dispute.retrieve(dispute.id)
    check("it is won and its money is back", sum(row.net for row in dispute.balance_transactions) == 0, dispute)
    check_shape(stripe.Charge.retrieve(intent.latest_charge.id))


def check_debit(customer):
    setup = stripe.SetupIntent.create(
        customer=customer.id, payment_method_types=["sepa_debit"], payment_method="pm_success_de", confirm=True,
        mandate_data={"customer_acceptance": {"type": "online", "online": {
            "ip_address": "127.0.0.1", "user_agent": "test"}}})
    check_shape(stripe.Mandate.retrieve(setup.mandate))
    intent = stripe.PaymentIntent.create(
        amount=3000, currency="eur", customer=customer.id, payment_method=setup.payment_method,
        payment_method_types=["sepa_debit"], off_session=True, confirm=True, expand=["latest_charge"])
    check("a debit is processing", intent.status == "processing", intent)
    check_shape(intent.latest_charge)
    check_shape(stripe.PaymentMethod.retrieve(setup.payment_method))


def main():
    customer = stripe.Customer.create(name="Ada", email="ada@felag.example", metadata={"person": "1"})
    check("customer", customer.id.startswith("cus_sbx_") and customer.livemode is False, customer)
    check("customer is found again", stripe.Customer.retrieve(customer.id).email == "ada@felag.example")
    intent = check_payment(customer)
    check_decline(customer)
    check_refund(intent)
    check_idempotency()
    check_refusals()
    check_lists(customer)
    check_webhook()
    account = check_account()
    for thing in (customer, intent, stripe.Event.list(limit=1).data[0], stripe.Balance.retrieve()):
        check_shape(thing)
    intent = check_money_out(account, customer)
    check_dispute(intent)
    check_debit(customer)
    if failures:
        sys.exit(1)


main()
