// A campaign that does not reach its minimum: nobody is charged, every card is let go, everybody is told once.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Visitor, launch } from './lib/browser.mjs';
import { Felag } from './lib/felag.mjs';
import { CARD, PHONE, give, openCampaign } from './lib/journeys.mjs';

const manifest = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../manifests/funding/yjs__yjs.json');
let felag, browser;

before(async () => { felag = await Felag.start(); browser = await launch(); });
after(async () => { await browser?.close(); await felag?.stop(); });

test('below its minimum a campaign takes no money and tells everybody so', async () => {
  const { owner, campaign } = await openCampaign(browser, felag, manifest, {
    title: 'Yjs for everybody', minimum: '100', fullPlan: '200',
  });
  const guests = [];
  for (const [name, amount, card] of [['ann', '30', CARD.works], ['ben', '20', CARD.asksOnce], ['cid', '60', CARD.works]]) {
    const email = `${name}@felag.example`;
    const guest = Object.assign(await Visitor.come(browser, felag.base, PHONE), { email });
    guest.pledge = await give(guest, campaign, { amount, name, email, card });
    guests.push(guest);
  }
  const [ann, ben, cid] = guests;
  // The one without whom it is too little changes their mind.
  await cid.open(`${cid.pledge}/cancel`);
  await cid.says(/\$60/);
  await cid.send('/cancel');
  await ann.open(campaign);
  await ann.says(/\$50/);

  await felag.advance('P31D');

  for (const guest of [ann, ben]) {
    await guest.open(guest.pledge);
    await guest.says(/Nothing is charged and your card was removed/);
    await guest.isFit();
    const subjects = await felag.subjectsTo(guest.email);
    assert.equal(subjects.filter((one) => /did not reach its minimum/.test(one)).length, 1, `${subjects}`);
    assert.ok(!subjects.some((one) => /^Receipt/.test(one)), `${subjects}`);
  }
  await cid.open(cid.pledge);
  await cid.says(/You cancelled before the deadline/);
  assert.ok(!(await felag.subjectsTo(cid.email)).some((one) => /did not reach/.test(one)), 'who left is left alone');
  await ann.open(campaign);
  await ann.says(/not reach|not funded/i);
  await ann.isFit();
  const subjects = await felag.subjectsTo(owner.email);
  assert.equal(subjects.filter((one) => /did not reach its minimum/.test(one)).length, 1, `${subjects}`);

  await ann.open(`${campaign}/books`);
  const { charges, balance } = await felag.sandbox();
  assert.deepEqual([charges, balance], [{}, {}], 'the provider moved nothing');
  assert.match(await felag.run('ledger', 'verify'), /The ledger is right/);
});
