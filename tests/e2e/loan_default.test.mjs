// A loan that nobody pays back: its lenders read that it is late, in default, given up, and what they lost.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './lib/browser.mjs';
import { Felag } from './lib/felag.mjs';
import { PASSWORD, comeBack, openCampaign, signIn } from './lib/journeys.mjs';
import { LOAN, factsOf, lend, payOut, rowsOf, signForProject, untilMorning } from './lib/lending.mjs';

const manifest = path.resolve(path.dirname(fileURLToPath(import.meta.url)),
  '../manifests/okh/Open-Hardware-Leaders__Otto-DIY.yml');
let felag, browser, owner, steward, campaign, lena, share;

before(async () => {
  felag = await Felag.start();
  browser = await launch();
  await untilMorning(felag);
});
after(async () => { await browser?.close(); await felag?.stop(); });

test('a loan is paid out, and its first day passes without a payment: late, and its lender is told', async () => {
  const ask = { title: 'Otto for every school', minimum: '500', fullPlan: '900', days: '7', loan: LOAN };
  ({ owner, steward, campaign } = await openCampaign(browser, felag, manifest, ask));
  lena = await lend(browser, felag, 'Lena', campaign, '600');
  await felag.advance('P5D');
  await signForProject(owner, campaign);
  await felag.advance('P3D');
  await payOut(felag, owner, steward, campaign);
  await felag.advance('P8D');
  await signIn(lena, lena.email, PASSWORD);
  await lena.open('/my/loans');
  share = await lena.page.locator('section[aria-labelledby="loans"] td a').getAttribute('href');
  await lena.open(share);
  assert.equal(await lena.state(), 'Late');
  assert.equal((await rowsOf(lena, 'instalments'))[0][1], 'Late');
  const late = (await felag.lettersTo(lena.email)).filter((letter) => letter.kind === 'loan_late_lender');
  assert.ok(late.length >= 1 && /days? late/.test(late[0].text), JSON.stringify(late));
});

test('after ninety days it is in default, a steward gives up what is owed, and the loss is shown to everybody', async () => {
  await felag.advance('P90D');
  await signIn(lena, lena.email, PASSWORD);
  await lena.open(share);
  assert.equal(await lena.state(), 'In default');
  await lena.isFit();

  await comeBack(steward);
  await steward.open(`${campaign}/loan/repayments`);
  await steward.isFit();
  await steward.send('/loan/write-off', { reason: 'The association was dissolved.' });
  await felag.advance('PT1M');
  await lena.open(share);
  assert.equal(await lena.state(), 'Given up');
  const mine = await factsOf(lena);
  assert.deepEqual([mine.Lent, mine.Back, mine.Lost], ['€600.00', '€0.00', '€600.00']);
  await lena.isFit();
  await lena.picture('loan-lost');
  const told = (await felag.lettersTo(lena.email)).filter((letter) => letter.kind === 'loan_state');
  assert.match(told[0].text, /You may lose what is outstanding/);
  assert.match(told.at(-1).text, /was given up/);

  await lena.open('/loans/statistics');
  await lena.says('100.0 %');
  await lena.says(/€600\.00/);
  await lena.isFit();
  assert.match(await felag.run('ledger', 'verify'), /The ledger is right/);
});
