// What a loan costs: somebody types terms and reads the schedule and the annual percentage rate, without JavaScript and
// with it, on a phone and on a desk; the address of a quote can be sent to somebody else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { VIEWS, Visitor, launch } from './lib/browser.mjs';
import { Felag } from './lib/felag.mjs';

let felag, browser;

before(async () => { felag = await Felag.start(); browser = await launch(); });
after(async () => { await browser?.close(); await felag?.stop(); });

/// 1 200.00 at 6 % in three months: 404.01 twice and 404.00, 12.02 of interest; by the Union's formula 6.2 %.
const TERMS = { principal: '1200', rate: '6', count: '3', paid_out_on: '2027-01-15' };
const SCHEDULE = [
  ['15 February 2027', '€398.01', '€6.00', '€404.01', '€801.99'],
  ['15 March 2027', '€400.00', '€4.01', '€404.01', '€401.99'],
  ['15 April 2027', '€401.99', '€2.01', '€404.00', '€0.00'],
];

const rows = (visitor) => visitor.page.locator('main tbody tr').evaluateAll(
  (all) => all.map((row) => [...row.cells].map((cell) => cell.innerText.replace(/[\u2066-\u2069]/g, '').trim())),
);

/// Presses the button of the form, which asks and changes nothing.
async function workOut(visitor, terms) {
  await visitor.fill(terms);
  await Promise.all([
    visitor.page.waitForNavigation(),
    visitor.page.locator('main form button').click(),
  ]);
}

// A visitor has no JavaScript unless a test asks for it.
for (const [how, options] of [
  ['without JavaScript', { viewport: VIEWS[0].viewport }],
  ['with JavaScript', { viewport: VIEWS[2].viewport, javaScriptEnabled: true }],
]) {
  test(`a quote is typed, read and passed on ${how}`, async () => {
    const visitor = await Visitor.come(browser, felag.base, options);
    await visitor.open('/loans/quote');
    assert.equal(await visitor.page.locator('main table').count(), 0, 'nothing was asked yet');
    await workOut(visitor, TERMS);
    assert.deepEqual(await rows(visitor), SCHEDULE);
    await visitor.says('Paid back in all €1,212.02');
    await visitor.says('Annual percentage rate, European Union 6.2 % a year');
    // What the checker sees is the same page, so once is enough.
    if (!options.javaScriptEnabled) await visitor.isFit();
    const plain = visitor.page.url();
    assert.ok(plain.endsWith('#result'), plain);

    // Fees make it dearer, and no day is moved by them.
    await workOut(visitor, { fees: '24' });
    assert.deepEqual(await rows(visitor), SCHEDULE);
    await visitor.says('Paid out, less the fees €1,176.00');
    await visitor.says(/European Union 1[89]\.\d % a year/);

    // Whoever is sent the address reads the same.
    const friend = await Visitor.come(browser, felag.base, options);
    await friend.open(plain);
    assert.deepEqual(await rows(friend), SCHEDULE);
    assert.deepEqual([...visitor.complaints, ...friend.complaints], []);
    await friend.leave();
    await visitor.leave();
  });
}

test('terms that make no loan are refused beside their fields', async () => {
  const visitor = await Visitor.come(browser, felag.base);
  await visitor.open('/loans/quote?principal=1200&currency=EUR&rate=much&count=3', 422);
  assert.equal(await visitor.page.locator('main table').count(), 0);
  const wrong = await visitor.page.locator('main [aria-invalid="true"]').evaluateAll((all) => all.map((one) => one.name));
  assert.deepEqual(wrong, ['rate']);
  await visitor.leave();
});
