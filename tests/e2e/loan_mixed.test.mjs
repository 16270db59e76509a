// Gifts and a loan in one campaign: a commitment that is taken back on its last day decides the minimum.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Visitor, launch } from './lib/browser.mjs';
import { Felag } from './lib/felag.mjs';
import { PASSWORD, PHONE, give, openCampaign, signIn } from './lib/journeys.mjs';
import { LOAN, lend, signForProject, untilMorning } from './lib/lending.mjs';

const manifest = path.resolve(path.dirname(fileURLToPath(import.meta.url)),
  '../manifests/okh/Open-Hardware-Leaders__Otto-DIY.yml');
let felag, browser, owner, campaign, guest, lena, lars;

before(async () => {
  felag = await Felag.start();
  browser = await launch();
  await untilMorning(felag);
});
after(async () => { await browser?.close(); await felag?.stop(); });

test('a gift and two commitments are more than the minimum', async () => {
  const loan = { ...LOAN, amount: '80', least: '30' };
  const ask = { title: 'Otto for every school', minimum: '100', fullPlan: '300', days: '7', loan };
  ({ owner, campaign } = await openCampaign(browser, felag, manifest, ask));
  guest = await Visitor.come(browser, felag.base, PHONE);
  guest.pledge = await give(guest, campaign, { amount: '60', name: 'Gus', email: 'gus@felag.example' });
  lars = await lend(browser, felag, 'Lars', campaign, '30');
  await felag.advance('P2D');
  lena = await lend(browser, felag, 'Lena', campaign, '50');
  await guest.open(campaign);
  await guest.says('€80 committed by 2 lenders');
  await guest.isFit();
});

test('on its last day one is taken back: the minimum is missed, and nobody is charged', async () => {
  await felag.advance('P3D');
  await signForProject(owner, campaign);
  await felag.advance('P1D');
  await signIn(lena, lena.email, PASSWORD);
  await lena.open(`${lena.commitment}/revocation`);
  await lena.isFit();
  await lena.send('/revocation');
  assert.equal(await lena.state(), 'Taken back');
  await lars.open(lars.commitment);
  assert.equal(await lars.state(), 'Binding');
  assert.equal(await lars.page.locator('main a[href$="/revocation"]').count(), 0, 'his days are over');

  await felag.advance('P2D');
  await guest.open(guest.pledge);
  assert.equal(await guest.state(), 'Released, not charged');
  await lars.open(lars.commitment);
  assert.equal(await lars.state(), 'Let go');
  await lars.open(campaign);
  await lars.says('The minimum of €100.00 was not reached. Nobody was charged');
  await lars.isFit();
  const { charges, balance } = await felag.sandbox();
  assert.deepEqual([charges, balance], [{}, {}], 'the provider moved nothing');
  assert.match(await felag.run('ledger', 'verify'), /The ledger is right/);
});
