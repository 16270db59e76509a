// What people do about loans, page by page.
import assert from 'node:assert/strict';
import { CARD, PASSWORD, comeBack, join, pay, secondFactor, signIn } from './journeys.mjs';

/// What a project asks to borrow: three weeks, 6 % a year, counted towards the minimum.
export const LOAN = {
  amount: '600', least: '600', rate: '6', instalments: '3', period: 'weekly', kind: 'equal_instalments',
  grace_kind: 'none', grace: '0', purpose: 'Servos in bulk, sold with every kit.',
  figures: 'Forty kits were sold last year, for 12,000 euros.', risks: 'Fewer kits may be sold than last year.',
  network_first: '0', counts: true,
};

/// To ten o'clock in Leipzig, whatever the hour is here: days are counted there, and none ends during a test.
export function untilMorning(felag) {
  const now = new Date();
  const minutes = (33 * 60 - now.getUTCHours() * 60 - now.getUTCMinutes()) % (24 * 60);
  return felag.advance(`PT${minutes}M`);
}

/// Somebody new, who answers the questions before a first loan, reads, signs and saves a card. Each page is handed to
/// `look`.
export async function lend(browser, felag, name, campaign, amount, look = async () => {}) {
  const lender = await join(browser, felag, name);
  await lender.open(`${campaign}/loan/lend`);
  assert.equal(lender.path, '/my/lending/test');
  await look(lender);
  await lender.send('/my/lending/test', { q1: 'b', q2: 'a', q3: 'c', q4: 'b', q5: 'a', acknowledged: true });
  await lender.says('All answers are right.');
  await goOn(lender);
  await look(lender);
  await lender.send('/my/lending/means', { income: '30000', assets: '20000', obligations: '10000' });
  await lender.says('What you own, by these figures €40,000.00');
  await goOn(lender);
  await look(lender);
  await lender.send('/loan/lend/review', { amount });
  await lender.says('you may take it back, free and without a reason, until');
  await look(lender);
  await lender.send('/loan/commitments', { signed_name: name, password: PASSWORD });
  assert.match(lender.path, /^\/pay\//, await lender.words());
  await pay(lender, CARD.works);
  await lender.page.waitForURL(/\/my\/commitments\//);
  await look(lender);
  lender.commitment = lender.path;
  return lender;
}

const goOn = (lender) => Promise.all([
  lender.page.waitForNavigation(), lender.page.locator('main section a', { hasText: 'Go on' }).click(),
]);

/// The project signs, once lending has closed.
export async function signForProject(owner, campaign, look = async () => {}) {
  await comeBack(owner);
  await owner.open(`${campaign}/loan/signature`);
  await look(owner);
  await owner.send('/loan/signature', { signed_name: 'Ada Baker', password: PASSWORD });
  await owner.says('Signed');
}

/// An owner and a steward let the first payout go, and the bank has it.
export async function payOut(felag, owner, steward, campaign) {
  await comeBack(owner);
  await owner.open(`${campaign}/payouts/1`);
  await owner.send('/approval');
  await signIn(steward, steward.email, PASSWORD);
  await secondFactor(steward);
  await steward.open(`${campaign}/payouts/1`);
  await steward.send('/approval');
  await felag.advance('P4D');
}

/// The rows of the table of a section, cell by cell.
export async function rowsOf(visitor, section) {
  const rows = await visitor.page.locator(`main section[aria-labelledby="${section}"] table tbody tr`).all();
  return Promise.all(rows.map((row) => row.locator('td').allInnerTexts()));
}

/// The figures of a page, by their names.
export async function factsOf(visitor) {
  const list = visitor.page.locator('main dl.facts').first();
  const names = await list.locator('dt').allInnerTexts();
  const values = await list.locator('dd').allInnerTexts();
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}
