// The main job, once: a project asks, somebody gives, the deadline decides, the card is charged once, booked, mailed.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Visitor, launch } from './lib/browser.mjs';
import { Felag } from './lib/felag.mjs';
import {
  BANK, approve, give, importProject, join, nameHolder, onboard, secondFactor, submit, writeCampaign,
} from './lib/journeys.mjs';

const manifest = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../manifests/funding/yjs__yjs.json');
let felag, browser;

before(async () => { felag = await Felag.start(); browser = await launch(); });
after(async () => { await browser?.close(); await felag?.stop(); });

test('a manifest becomes a campaign, a pledge, one charge, one entry in the ledger and a mail', async () => {
  const owner = await join(browser, felag, 'Olga');
  const campaign = await importProject(owner, manifest);
  await writeCampaign(owner, campaign, { title: 'Yjs for everybody', minimum: '30', fullPlan: '100' });
  await owner.open(campaign);
  const project = await owner.page.locator('main a[href^="/projects/"]').first().getAttribute('href');
  await nameHolder(owner, project);
  await secondFactor(owner);
  // Its plans are in dollars, so the bank account must take them.
  await onboard(owner, project, BANK.works, 'USD');
  await submit(owner, campaign);

  const steward = await join(browser, felag, 'Stella');
  await felag.run('person', 'grant', steward.email, 'steward');
  await approve(steward, campaign);
  await felag.advance('PT1M');

  const guest = await Visitor.come(browser, felag.base);
  await guest.open(campaign);
  await guest.isFit();
  const pledge = await give(guest, campaign, { amount: '30', email: 'gus@felag.example' }, () => guest.isFit());
  await felag.advance('P31D');

  await guest.open(pledge);
  await guest.says(/30/);
  const { charges } = await felag.sandbox();
  const made = Object.values(charges);
  assert.deepEqual(made.map((one) => [one.succeeded, one.paid]), [[1, 3000]]);
  assert.match(await felag.run('ledger', 'verify'), /The ledger is right/);
  const mails = await felag.mailsTo('gus@felag.example');
  const charged = mails.filter((mail) => /was charged|charged/i.test(mail));
  assert.ok(charged.length >= 1, 'a mail about the charge');
});

test('the server is well', async () => {
  const answer = await fetch(`${felag.base}/health`);
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).status, 'ok');
});
