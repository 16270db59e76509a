// One loan from asking to its last instalment: lent by two, signed by all, collected, paid out, repaid, with the clock
// moved.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './lib/browser.mjs';
import { Felag } from './lib/felag.mjs';
import { CARD, PASSWORD, comeBack, openCampaign, pay, signIn } from './lib/journeys.mjs';
import { LOAN, factsOf, lend, payOut, rowsOf, signForProject, untilMorning } from './lib/lending.mjs';

const manifest = path.resolve(path.dirname(fileURLToPath(import.meta.url)),
  '../manifests/okh/Open-Hardware-Leaders__Otto-DIY.yml');
let felag, browser, owner, steward, campaign, lena, lars;

before(async () => {
  felag = await Felag.start();
  browser = await launch();
  await untilMorning(felag);
});
after(async () => { await browser?.close(); await felag?.stop(); });

const kinds = async (email) => (await felag.lettersTo(email)).map((letter) => letter.kind);

test('a project asks for a loan, and two people read, sign and save a card', async () => {
  const ask = { title: 'Otto for every school', minimum: '500', fullPlan: '900', days: '7', loan: LOAN };
  ({ owner, steward, campaign } = await openCampaign(browser, felag, manifest, ask));
  lena = await lend(browser, felag, 'Lena', campaign, '400', (visitor) => visitor.isFit());
  await lena.says('You may take it back, free and without a reason, until');
  await lena.open(`${campaign}/loan`);
  await lena.isFit();
  await lena.says('includes the risk of losing the entirety of the money invested');
  lars = await lend(browser, felag, 'Lars', campaign, '200');
  await lars.open(campaign);
  await lars.says('€600 committed by 2 lenders');
  const { charges } = await felag.sandbox();
  assert.deepEqual(charges, {}, 'nothing is charged while lending is open');
});

test('the project signs, the cards are charged after the deadline, and the loan is paid out', async () => {
  await felag.advance('P5D');
  await signForProject(owner, campaign, (visitor) => visitor.isFit());
  await felag.advance('P3D');
  await lena.open(lena.commitment);
  await lena.says('Your card was charged. This is your share of the loan.');
  const { charges } = await felag.sandbox();
  assert.deepEqual(Object.values(charges).map((one) => [one.succeeded, one.paid]).sort(), [[1, 20000], [1, 40000]]);
  await payOut(felag, owner, steward, campaign);
  await lena.open(`${campaign}/loan`);
  await lena.says('Repaying');
});

test('the first instalment is paid by hand, the others by debit, and each lender has all of it back', async () => {
  await comeBack(owner);
  const page = `${campaign}/loan/repayments`;
  await owner.open(page);
  await owner.isFit();
  const [[, state, , , due]] = await rowsOf(owner, 'instalments');
  assert.deepEqual([state, due], ['Due', '€200.47']);
  await owner.send('/loan/repayments', { amount: '200.47' });
  await pay(owner, CARD.works);
  await owner.page.waitForURL(/\/loan\/repayments/);
  await felag.advance('PT1M');
  await owner.open(page);
  const paid = (await factsOf(owner))['Paid back of it'];
  assert.notEqual(paid, '€0.00');

  await felag.advance('P22D');
  await signIn(owner, owner.email, PASSWORD);
  await owner.open(page);
  await owner.says('Repaid');
  assert.equal((await factsOf(owner)).Outstanding, '€0.00');
  await signIn(lena, lena.email, PASSWORD);
  await lena.open('/my/loans');
  await lena.isFit();
  await lena.page.locator('section[aria-labelledby="loans"] td a').click();
  await lena.page.waitForURL(/\/my\/loans\/[0-9a-f-]+/);
  assert.equal(await lena.state(), 'Repaid');
  const mine = await factsOf(lena);
  assert.deepEqual([mine.Lent, mine.Back, mine.Lost], ['€400.00', '€400.00', '€0.00']);
  assert.ok((await rowsOf(lena, 'instalments')).every((row) => row[1] === 'Paid'), await lena.words());
  await lena.isFit();
  await lena.picture('loan-repaid');
  await signIn(lars, lars.email, PASSWORD);
  await lars.open('/my/loans');
  assert.equal((await factsOf(lars)).Back, '€200.00');
});

test('the books say so, and everybody was told at each step', async () => {
  assert.match(await felag.run('ledger', 'verify'), /The ledger is right/);
  const told = await kinds(lena.email);
  for (const kind of ['loan_committed', 'loan_firm', 'loan_charged', 'loan_collected', 'loan_paid_out']) {
    assert.equal(told.filter((one) => one === kind).length, 1, `${kind}: ${told}`);
  }
  assert.equal(told.filter((one) => one === 'loan_credited').length, 3, told.join());
  const project = await kinds(owner.email);
  for (const kind of ['loan_to_sign', 'loan_upcoming', 'loan_collected']) assert.ok(project.includes(kind), `${kind}: ${project}`);
});
