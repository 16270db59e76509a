"""Checks an export of Felag's open books: every hash, every balance, every published head.

    python3 check_books.py books.json

It prints the head of each book. Compare it with the heads you wrote down, and with those in your receipts.
"""
import hashlib
import json
import sys


def check(book):
    name = "/".join(filter(None, [book["of"], book["slug"]]))
    previous, sums = "0" * 64, {}
    published = {(head["number"], head["hash"]) for head in book["published_heads"]}
    for number, entry in enumerate(book["entries"], 1):
        lines = ["felag-entry-v1", "book " + book["book"], f"number {number}", "at " + entry["at"],
                 "kind " + entry["kind"], "cause " + entry["cause"]]
        for move in entry["movements"]:
            lines.append(f"movement {move['debit']} {move['credit']} {move['minor']} {move['currency']}")
            for account, change in ((move["debit"], move["minor"]), (move["credit"], -move["minor"])):
                key = account, move["currency"]
                sums[key] = sums.get(key, 0) + change
        lines.append("previous " + previous)
        previous = hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
        if (entry["number"], entry["hash"]) != (number, previous):
            sys.exit(f"{name}: entry {number} is not as it was written")
        published.discard((number, previous))
    if published:
        sys.exit(f"{name}: entries changed since they were published: {sorted(published)}")
    if book["head"] != {"number": len(book["entries"]), "hash": previous}:
        sys.exit(f"{name}: the book does not end at its head")
    balances = {(line["account"], line["currency"]): line["minor"] for line in book["balances"] if line["minor"]}
    if balances != {key: total for key, total in sums.items() if total}:
        sys.exit(f"{name}: the balances are not what the movements add up to")
    print(f"{name}: {len(book['entries'])} entries are right, the head is {previous}")


with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
if document["schema"] != "felag-books-v1":
    sys.exit("this script reads felag-books-v1, not " + document["schema"])
for one in document["books"]:
    check(one)
