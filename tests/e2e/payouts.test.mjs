// Money leaves with two people's consent: asked, approved, sent, paid, with a statement. Each page passes the checks.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PHONE, give, join, openCampaign, secondFactor } from './lib/journeys.mjs';
import { Visitor, launch } from './lib/browser.mjs';
import { Felag } from './lib/felag.mjs';

const manifest = path.resolve(path.dirname(fileURLToPath(import.meta.url)),
  '../manifests/okh/Open-Hardware-Leaders__Otto-DIY.yml');
let felag, browser, campaign;

before(async () => { felag = await Felag.start(); browser = await launch(); });
after(async () => { await browser?.close(); await felag?.stop(); });

test('an owner and a steward let a payout go, and its statement says where every cent went', async () => {
  const ask = { title: 'Otto for everybody', minimum: '30', fullPlan: '100', days: '5' };
  const opened = await openCampaign(browser, felag, manifest, ask);
  const { owner, steward, project } = opened;
  campaign = opened.campaign;
  const guest = await Visitor.come(browser, felag.base, PHONE);
  await give(guest, campaign, { amount: '60', email: 'gus@felag.example' });
  await felag.advance('P5DT1H');

  await owner.open(`${project}/payout-account`);
  await owner.isFit();
  await owner.open(`${campaign}/payouts`);
  await owner.isFit();
  await owner.open(`${campaign}/payouts/1`);
  await owner.isFit();
  await owner.send('/approval');
  await owner.says('You approved this payout.');

  await secondFactor(steward);
  await steward.open('/payouts');
  await steward.isFit();
  await steward.open(`${campaign}/payouts/1`);
  await steward.isFit();
  await steward.send('/approval');
  await felag.advance('P4D');
  await owner.open(`${campaign}/payouts/1`);
  await owner.says('The bank has it.');
  await owner.says('Sent to the project');
  await owner.isFit();
  await owner.picture('payout');
  await guest.open('/fees');
  await guest.isFit();
  await guest.open(`${campaign}/books`);
  await guest.says('Payout sent to the project');
  assert.match(await felag.run('ledger', 'verify'), /The ledger is right/);
});

test('somebody without a place in the project sees nothing of its payouts', async () => {
  const stranger = await join(browser, felag, 'Sam');
  const answer = await stranger.page.goto(new URL(`${campaign}/payouts`, felag.base).href);
  assert.equal(answer.status(), 404);
});
