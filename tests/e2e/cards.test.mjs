// Cards that work, decline, and ask for the person: each pledge ends where its card takes it, and pledge, mail, public
// book, file, ledger and provider say the same, to the cent.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Visitor, launch } from './lib/browser.mjs';
import { Felag } from './lib/felag.mjs';
import {
  CARD, PASSWORD, PHONE, backersFile, figures, give, openCampaign, pay, sayToBank, signIn, toCheck,
} from './lib/journeys.mjs';

const manifest = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../manifests/funding/yjs__yjs.json');
let felag, browser, owner, campaign;
const guests = {};

before(async () => { felag = await Felag.start(); browser = await launch(); });
after(async () => { await browser?.close(); await felag?.stop(); });

/// A guest with a phone; where their pledge stands is kept beside them.
async function come(name, gift) {
  const email = `${name}@felag.example`;
  const guest = Object.assign(await Visitor.come(browser, felag.base, PHONE), { email });
  if (gift) guest.pledge = await give(guest, campaign, { name, email, ...gift });
  guests[name] = guest;
  return guest;
}

const kinds = async (email) => (await felag.lettersTo(email)).map((letter) => letter.kind);

/// The pledge's page, the receipt by mail and the entry in the public book: one amount, one entry, one hash.
async function hasReceipt(guest, total, gift = total) {
  await guest.open(guest.pledge);
  assert.equal(await guest.state(), 'Paid');
  await guest.says(`${total} was charged`);
  await guest.says(`Charged ${total}`);
  await guest.isFit();
  const letters = (await felag.lettersTo(guest.email)).filter((letter) => letter.kind === 'pledge_charged');
  assert.equal(letters.length, 1, 'one receipt');
  const [receipt] = letters;
  assert.match(receipt.subject, /^Receipt: /);
  assert.ok(receipt.subject.includes(total) && receipt.text.includes(total), `${receipt.subject}\n${receipt.text}`);
  assert.ok(receipt.text.includes('Open Tools e.V.'), 'the receipt names the legal holder');
  const entry = await guest.page.locator('main a[href*="/books#entry-"]').getAttribute('href');
  const hash = await guest.page.locator('main dd code').innerText();
  assert.match(hash, /^[0-9a-f]{64}$/);
  assert.ok(receipt.text.includes(hash), 'mail and page name the same entry');
  await guest.open(entry);
  const row = await guest.page.locator(`[id="${entry.split('#')[1]}"]`).innerText();
  assert.ok(row.includes(hash.slice(0, 12)) && row.includes('Gift collected'), `the entry in the public book: ${row}`);
  assert.ok(row.includes(gift), `${gift} in the public book: ${row}`);
}

/// The mail that asks for the person, and the page it leads to.
async function isAsked(guest, state, ...words) {
  const asked = (await felag.lettersTo(guest.email)).filter((letter) => letter.kind === 'card_needs_you');
  assert.equal(asked.length, 1, `${guest.email} is asked once`);
  const link = asked[0].text.match(/\/pledges\/[0-9a-f]{32}/);
  assert.equal(link?.[0], guest.pledge, 'the mail leads to the pledge');
  await guest.open(link[0]);
  assert.equal(await guest.state(), state);
  for (const one of words) await guest.says(one);
  await guest.isFit();
}

test('guests promise with cards of every kind, and one that cannot be saved promises nothing', async () => {
  ({ owner, campaign } = await openCampaign(browser, felag, manifest, {
    title: 'Yjs for everybody', minimum: '60', fullPlan: '200', currency: 'USD',
  }));
  await come('ann', { amount: '30', tip: '2' });
  await come('ben', { amount: '20', card: CARD.declinesLater });
  await come('cid', { amount: '25', card: CARD.asksAlways });
  await come('dot', { amount: '15', card: CARD.asksAlways });
  const eve = await come('eve');
  await toCheck(eve, campaign, { amount: '40', email: eve.email });
  await eve.send('/pledges');
  await pay(eve, CARD.declined);
  assert.match(eve.path, /^\/pay\//, 'a card that is refused leaves the person where another can be typed');
  await eve.says(/declined/i);
  await felag.advance('PT61M'); // one address may begin five checkouts an hour
  await come('fay', { amount: '18.50', card: CARD.asksOnce });
  await come('gil', { amount: '12', card: CARD.noFunds });

  await guests.ann.open(guests.ann.pledge);
  assert.equal(await guests.ann.state(), 'Promised');
  await guests.ann.says('$32.00');
  await guests.ann.open(campaign);
  assert.deepEqual(await figures(guests.ann), ['$120.50', '$0', '$0', '$0']);
  assert.deepEqual((await felag.sandbox()).charges, {}, 'nobody is charged before the deadline');
});

test('after the deadline each card is charged once, and who is asked for finds a link in the mail', async () => {
  await felag.advance('P30D');
  const { ann, ben, cid, dot, fay, gil } = guests;
  await hasReceipt(ann, '$32.00', '$30.00');
  await hasReceipt(fay, '$18.50');
  await isAsked(ben, 'Declined, tried again later', '$20.00 has not been charged', 'the card was declined');
  await isAsked(gil, 'Declined, tried again later', '$12.00 has not been charged', 'there is not enough money on the account');
  await isAsked(cid, 'Your bank needs you', 'it wants you to confirm the payment yourself', '$25.00 has not been charged');
  await isAsked(dot, 'Your bank needs you', 'it wants you to confirm the payment yourself', '$15.00 has not been charged');
  await ann.open(campaign);
  await ann.says('cards are now being charged: $48.50 of $120.50 so far');
  assert.deepEqual(await figures(ann), ['$120.50', '$48.50', '$72', '$0']);
  await ann.isFit();
});

test('a bank that is answered lets the charge through, another card pays for one that declines', async () => {
  const { ann, ben, cid, dot } = guests;
  await cid.open(cid.pledge);
  await cid.send('/try-again');
  assert.match(cid.path, /^\/bank\//, await cid.words());
  await cid.says('a payment of 25.00 USD');
  await sayToBank(cid, 'approve');
  await felag.advance('PT1M');
  await hasReceipt(cid, '$25.00');

  await ben.open(ben.pledge);
  await ben.send('/card');
  assert.match(ben.path, /^\/pay\//, await ben.words());
  await pay(ben, CARD.works);
  await felag.advance('PT1M');
  await hasReceipt(ben, '$20.00');

  await dot.open(dot.pledge);
  await dot.send('/try-again');
  assert.match(dot.path, /^\/bank\//, await dot.words());
  await sayToBank(dot, 'refuse');
  await felag.advance('PT1M');
  await dot.open(dot.pledge);
  assert.equal(await dot.state(), 'Your bank needs you');
  await dot.says('$15.00 has not been charged');
  await ann.open(campaign);
  assert.deepEqual(await figures(ann), ['$120.50', '$93.50', '$27', '$0']);
});

test('when the window is over the campaign is funded with what came in, to the cent', async () => {
  await felag.advance('P8D');
  const { ann, dot, gil } = guests;
  for (const guest of [dot, gil]) {
    await guest.open(guest.pledge);
    assert.equal(await guest.state(), 'Ended, not paid');
    await guest.says('could not be charged in time');
    await guest.isFit();
  }
  await ann.open(campaign);
  await ann.says('This campaign is funded. $93.50 was collected');
  assert.deepEqual(await figures(ann), ['$120.50', '$93.50', '$0', '$27']);
  await ann.isFit();
  await ann.open(`${campaign}/books`);
  await ann.says('Now: $120.50 promised = $93.50 collected + $0.00 at risk + $27.00 lost.');
  const lines = await ann.page.locator('table.book tbody tr').allInnerTexts();
  const amounts = (text) => lines.filter((line) => line.includes(text)).map((line) => line.match(/\$\d+\.\d\d\s*$/)[0].trim()).sort();
  assert.deepEqual(amounts('Gift promised'), ['$12.00', '$15.00', '$18.50', '$20.00', '$25.00', '$30.00']);
  assert.deepEqual(amounts('Gift collected'), ['$18.50', '$20.00', '$25.00', '$30.00']);
  assert.deepEqual(amounts('Promise ended, not charged'), ['$12.00', '$15.00']);
  await ann.isFit();
});

test('the provider charged each pledge once at most, and holds what the ledger says', async () => {
  const { charges, balance } = await felag.sandbox();
  const made = Object.values(charges).sort((a, b) => a.paid - b.paid);
  assert.deepEqual(made.map((one) => one.succeeded), [0, 0, 1, 1, 1, 1], 'six payments for six pledges');
  assert.deepEqual(made.map((one) => one.paid), [0, 0, 1850, 2000, 2500, 3200]);
  assert.deepEqual(made.filter((one) => one.refunded !== 0), []);
  // 1.5 % and 30 cents each: of 18.50, 20, 25 and 32.
  const held = 9550 - (28 + 30) - (30 + 30) - (38 + 30) - (48 + 30);
  assert.equal(balance.usd.total, held, 'the provider holds it, less its costs');
  await guests.ann.open(`${campaign}/books`);
  await guests.ann.says(`With the payment provider $${(held / 100).toFixed(2)}`);
  await guests.ann.says('Held for the project $93.50');
  await guests.ann.says('Tips to Felag $2.00');
  assert.match(await felag.run('ledger', 'verify'), /The ledger is right/);
});

test('everybody got each of their mails once', async () => {
  const before = ['pledge_made', 'deadline_near', 'minimum_reached'];
  const asked = Array(4).fill('card_needs_you');
  const mails = {
    ann: [...before, 'pledge_charged'], fay: [...before, 'pledge_charged'],
    ben: [...before, 'card_needs_you', 'pledge_charged'], cid: [...before, 'card_needs_you', 'pledge_charged'],
    dot: [...before, ...asked, 'pledge_dropped'], gil: [...before, ...asked, 'pledge_dropped'],
    eve: [], // a declined card is never followed by mail
  };
  for (const [name, expected] of Object.entries(mails)) assert.deepEqual(await kinds(guests[name].email), expected, name);
  const told = (await kinds(owner.email)).filter((kind) => kind.startsWith('owner_'));
  assert.deepEqual(told, ['owner_daily', 'owner_collecting', 'owner_funded']);
});

test('the owner sees who paid and who did not, on the page and in the file', async () => {
  await signIn(owner, owner.email, PASSWORD); // weeks have gone by
  const rows = (await backersFile(owner, campaign)).map((row) => [row.name, row.state, row.amount]).sort();
  assert.deepEqual(rows, [
    ['ann', 'Paid', '30.00'], ['ben', 'Paid', '20.00'], ['cid', 'Paid', '25.00'], ['dot', 'Ended, not paid', '15.00'],
    ['fay', 'Paid', '18.50'], ['gil', 'Ended, not paid', '12.00'],
  ]);
  await owner.open(`${campaign}/backers`);
  const listed = await owner.page.locator('table.book tbody tr').allInnerTexts();
  assert.equal(listed.length, 6);
  assert.equal(listed.filter((line) => line.includes('Ended, not paid')).length, 2, listed.join('\n'));
  await owner.isFit();
});
