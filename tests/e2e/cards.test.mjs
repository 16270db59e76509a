// Cards that work, decline, and ask for the person: each pledge ends where its card takes it, and the books say so.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Visitor, launch } from './lib/browser.mjs';
import { Felag } from './lib/felag.mjs';
import { CARD, PHONE, give, openCampaign, pay, sayToBank, toCheck } from './lib/journeys.mjs';

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

const count = (list, pattern) => list.filter((one) => pattern.test(one)).length;

/// The page of a pledge says that it was charged: the amount, and the entry of the ledger that says the same.
async function hasReceipt(guest, euros) {
  await guest.open(guest.pledge);
  await guest.says(new RegExp(`\\$${euros}\\.00 was charged`));
  await guest.says(new RegExp(`Charged \\$${euros}\\.00`));
  const entry = await guest.page.locator('main a[href*="/books#entry-"]').getAttribute('href');
  await guest.isFit();
  await guest.open(entry);
  const row = await guest.page.locator(`[id="${entry.split('#')[1]}"]`).innerText();
  assert.match(row, new RegExp(`\\$${euros}\\.00`), 'the entry in the public book');
}

test('guests promise with cards of every kind, and one that cannot be saved promises nothing', async () => {
  ({ owner, campaign } = await openCampaign(browser, felag, manifest, {
    title: 'Yjs for everybody', minimum: '60', fullPlan: '200',
  }));
  await come('ann', { amount: '30' });
  await come('ben', { amount: '20', card: CARD.declinesLater });
  await come('cid', { amount: '25', card: CARD.asksAlways });
  await come('dot', { amount: '15', card: CARD.asksAlways });
  const eve = await come('eve');
  await toCheck(eve, campaign, { amount: '40', email: eve.email });
  await eve.send('/pledges');
  await pay(eve, CARD.declined);
  assert.match(eve.path, /^\/pay\//, 'a card that is refused leaves the person where another can be typed');
  await eve.says(/declined/i);
  await guests.ann.open(campaign);
  await guests.ann.says(/\$90/);
  assert.deepEqual((await felag.sandbox()).charges, {}, 'nobody is charged before the deadline');
});

test('after the deadline each card is charged once, and who is asked for finds a link in the mail', async () => {
  await felag.advance('P31D');
  await hasReceipt(guests.ann, '30');
  for (const name of ['ben', 'cid', 'dot']) {
    const guest = guests[name];
    const mails = await felag.mailsTo(guest.email);
    const asked = mails.find((mail) => mail.includes('could not be charged yet'));
    assert.ok(asked, `${name} is asked by mail`);
    assert.ok(asked.includes(guest.pledge), 'the mail leads to the pledge');
    await guest.open(guest.pledge);
    await guest.says(/(has not|Nothing has) been charged/);
    await guest.isFit();
  }
});

test('a bank that is answered lets the charge through, another card pays for one that declines', async () => {
  const { ben, cid, dot } = guests;
  await cid.open(cid.pledge);
  await cid.send('/try-again');
  assert.match(cid.path, /^\/bank\//, await cid.words());
  await sayToBank(cid, 'approve');
  await felag.advance('PT1M');
  await hasReceipt(cid, '25');

  await ben.open(ben.pledge);
  await ben.send('/card');
  assert.match(ben.path, /^\/pay\//, await ben.words());
  await pay(ben, CARD.works);
  await felag.advance('PT1M');
  await hasReceipt(ben, '20');

  await dot.open(dot.pledge);
  await dot.send('/try-again');
  await sayToBank(dot, 'refuse');
  await felag.advance('PT1M');
  await dot.open(dot.pledge);
  await dot.says(/Nothing has been charged/);
});

test('when the window is over the campaign is funded with what came in, to the cent', async () => {
  await felag.advance('P8D');
  const { ann, dot, eve } = guests;
  await dot.open(dot.pledge);
  await dot.says(/could not be charged in time/);
  await ann.open(campaign);
  await ann.says(/\$75/);
  await ann.isFit();
  await ann.open(`${campaign}/books`);
  await ann.says(/\$75\.00/);
  await ann.says(/\$15\.00/);
  const { charges, balance } = await felag.sandbox();
  const paid = Object.values(charges).filter((one) => one.succeeded > 0);
  assert.deepEqual(paid.map((one) => [one.succeeded, one.paid, one.refunded]).sort((a, b) => a[1] - b[1]),
    [[1, 2000, 0], [1, 2500, 0], [1, 3000, 0]], 'one charge for each who paid');
  assert.equal(balance.usd.total, 7500 - (30 + 30) - (38 + 30) - (45 + 30), 'the provider holds it, less its costs');
  assert.match(await felag.run('ledger', 'verify'), /The ledger is right/);
  for (const [name, euros] of [['ann', '30'], ['ben', '20'], ['cid', '25']]) {
    const subjects = await felag.subjectsTo(guests[name].email);
    assert.equal(count(subjects, /^You promised/), 1, `${name}: ${subjects}`);
    assert.equal(count(subjects, new RegExp(`^Receipt: \\$${euros}`)), 1, `${name}: ${subjects}`);
  }
  const subjects = await felag.subjectsTo(dot.email);
  assert.equal(count(subjects, /^Receipt/), 0, `${subjects}`);
  assert.equal(count(subjects, /^Your promise to .* ended/), 1, `${subjects}`);
  assert.deepEqual(await felag.subjectsTo(eve.email), [], 'a declined card is never followed by mail');
  assert.equal(count(await felag.subjectsTo(owner.email), /is funded/), 1);
});
