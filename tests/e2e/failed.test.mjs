// A campaign that does not reach its minimum: nobody is charged, every card is let go, everybody is told once.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Visitor, launch } from './lib/browser.mjs';
import { Felag } from './lib/felag.mjs';
import { CARD, PHONE, figures, give, openCampaign } from './lib/journeys.mjs';

const manifest = path.resolve(path.dirname(fileURLToPath(import.meta.url)),
  '../manifests/okh/Open-Hardware-Leaders__Otto-DIY.yml');
let felag, browser, owner, campaign;
const guests = {};

before(async () => { felag = await Felag.start(); browser = await launch(); });
after(async () => { await browser?.close(); await felag?.stop(); });

const kinds = async (email) => (await felag.lettersTo(email)).map((letter) => letter.kind);

test('two promise, one changes their mind, and one only follows', async () => {
  ({ owner, campaign } = await openCampaign(browser, felag, manifest, {
    title: 'Otto for every school', minimum: '100', fullPlan: '200',
  }));
  const gifts = [['ann', '30', CARD.works], ['ben', '20', CARD.asksOnce], ['cid', '60', CARD.works]];
  for (const [name, amount, card] of gifts) {
    const email = `${name}@felag.example`;
    const guest = Object.assign(await Visitor.come(browser, felag.base, PHONE), { email });
    guest.pledge = await give(guest, campaign, { amount, name, email, card });
    guests[name] = guest;
  }
  const { ann, cid } = guests;
  await ann.open(campaign);
  assert.deepEqual(await figures(ann), ['€110', '€0', '€0', '€0']);
  // The one without whom it is too little.
  await cid.open(`${cid.pledge}/cancel`);
  await cid.says('Your promise of €60.00 to Otto for every school ends');
  await cid.isFit();
  await cid.send('/cancel');
  assert.equal(await cid.state(), 'Cancelled by you');

  const fay = Object.assign(await Visitor.come(browser, felag.base, PHONE), { email: 'fay@felag.example' });
  guests.fay = fay;
  await fay.open(campaign);
  await fay.send('/follow', { email: fay.email });
  const [letter] = await felag.lettersTo(fay.email);
  await fay.open(letter.text.match(/http:\S+\/follow\S+/)[0]);
  await fay.page.locator('main form button').first().click();
  await felag.advance('PT1M');
  await ann.open(campaign);
  assert.deepEqual(await figures(ann), ['€50', '€0', '€0', '€0']);
});

test('below its minimum a campaign takes no money and lets every card go', async () => {
  await felag.advance('P31D');
  const { ann, ben, cid } = guests;
  for (const [guest, total] of [[ann, '€30.00'], [ben, '€20.00']]) {
    await guest.open(guest.pledge);
    assert.equal(await guest.state(), 'Released, not charged');
    await guest.says('Nothing is charged and your card was removed');
    await guest.says(`In all ${total}`);
    assert.equal(await guest.page.locator('main form').count(), 0, 'nothing is left to do');
    await guest.isFit();
  }
  await cid.open(cid.pledge);
  await cid.says('You cancelled before the deadline');
  await ann.open(campaign);
  await ann.says('The minimum of €100.00 was not reached. Nobody was charged');
  await ann.says('€50 of €200 · €50 short of the minimum of €100');
  assert.equal(await ann.page.locator('main form[action$="/give"]').count(), 0, 'nothing more can be given');
  assert.deepEqual(await figures(ann), ['€50', '€0', '€0', '€50']);
  await ann.isFit();
  await ann.open(`${campaign}/give`, 410);

  const { charges, balance, objects } = await felag.sandbox();
  assert.deepEqual([charges, balance, objects.payment_intent], [{}, {}, undefined], 'the provider moved nothing');
  const calls = await felag.calls();
  const detached = calls.filter((call) => call.method === 'POST' && /^\/v1\/payment_methods\/[^/]+\/detach$/.test(call.path));
  assert.equal(detached.reduce((sum, call) => sum + call.count, 0), 3, 'three cards were saved and three removed');
});

test('the books say that the promises ended, and balance to nothing', async () => {
  const { ann } = guests;
  await ann.open(`${campaign}/books`);
  await ann.says('Now: €50.00 promised = €0.00 collected + €0.00 at risk + €50.00 lost.');
  const lines = await ann.page.locator('table.book tbody tr').allInnerTexts();
  const ended = lines.filter((line) => line.includes('Promise ended, not charged'));
  assert.deepEqual(ended.map((line) => line.match(/€\d+\.\d\d\s*$/)[0].trim()).sort(), ['€20.00', '€30.00', '€60.00']);
  assert.equal(lines.length, 6, 'three promises and their ends, and nothing else');
  await ann.says('Promises not charged yet €0.00');
  assert.match(await felag.run('ledger', 'verify'), /The ledger is right/);
});

test('everybody is told once, and nobody gets a receipt', async () => {
  const { ann, ben, cid, fay } = guests;
  for (const { email } of [ann, ben]) assert.deepEqual(await kinds(email), ['pledge_made', 'deadline_near', 'not_funded']);
  assert.deepEqual(await kinds(cid.email), ['pledge_made', 'pledge_cancelled'], 'who left is left alone');
  assert.deepEqual(await kinds(fay.email), ['confirm_follow', 'deadline_near_follower']);
  const letter = (await felag.lettersTo(ann.email)).at(-1);
  assert.match(letter.subject, /did not reach its minimum/);
  assert.ok(letter.text.includes('€50.00 was promised by the deadline, and the minimum was €100.00'), letter.text);
  assert.ok(letter.text.includes('Your €30.00 is not charged, and the card you saved was removed'), letter.text);
  const told = (await kinds(owner.email)).filter((kind) => kind.startsWith('owner_'));
  assert.deepEqual(told, ['owner_daily', 'owner_failed']);
});
