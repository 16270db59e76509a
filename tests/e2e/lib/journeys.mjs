// What people do, page by page.
import assert from 'node:assert/strict';
import { Visitor } from './browser.mjs';

export const PASSWORD = 'open-hardware-2026';

/// Test cards of the payment sandbox, as Stripe publishes them.
export const CARD = {
  works: '4242424242424242',
  declinesLater: '4000000000000341',
  asksOnce: '4000002500003155',
  asksAlways: '4000002760003184',
  noFunds: '4000008260003178',
  declined: '4000000000000002',
};

/// How guests come: with a phone.
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/// From a manifest to an open campaign: its owner, the steward who approved it, and its address.
export async function openCampaign(browser, felag, manifest, ask) {
  const owner = await join(browser, felag, 'Olga');
  const campaign = await importProject(owner, manifest);
  await writeCampaign(owner, campaign, ask);
  await owner.open(campaign);
  const project = await owner.page.locator('main a[href^="/projects/"]').first().getAttribute('href');
  await nameHolder(owner, project);
  if (ask.loan) {
    await owner.open(`${campaign}/loan/terms`);
    await owner.send('/loan/terms', ask.loan);
    assert.equal(owner.path, `${campaign}/loan`, await owner.words());
  }
  await secondFactor(owner);
  await onboard(owner, project, BANK.works, ask.currency);
  await submit(owner, campaign);
  const steward = await join(browser, felag, 'Stella');
  await felag.run('person', 'grant', steward.email, 'steward');
  await approve(steward, campaign);
  await felag.advance('PT1M');
  return { owner, steward, campaign, project };
}

/// Signs up, confirms the address by the link in the mail, and is signed in.
export async function join(browser, felag, name) {
  const email = `${name.toLowerCase()}@felag.example`;
  const visitor = await Visitor.come(browser, felag.base);
  await visitor.open('/sign-up');
  await visitor.send('/sign-up', { name, email, password: PASSWORD });
  const mails = await felag.mailsTo(email);
  const link = mails.join(' ').match(/\/email-confirmation\/[0-9a-f]+/);
  assert.ok(link, `no link to confirm ${email}`);
  await visitor.open(link[0]);
  await visitor.send(link[0]);
  await signIn(visitor, email, PASSWORD);
  return Object.assign(visitor, { email });
}

export async function signIn(visitor, email, password) {
  await visitor.page.goto(new URL('/sign-in', visitor.base).href);
  if (visitor.path === '/sign-in') await visitor.send('/sign-in', { email, password });
  assert.notEqual(visitor.path, '/sign-in', await visitor.words());
}

/// Starts a project from a manifest's file. The address of the new campaign's task list.
export async function importProject(visitor, file) {
  await visitor.open('/start');
  await visitor.send('/projects/import', { file });
  // A file with several projects asks which one.
  if (await visitor.page.locator('main [name="which"]').count() > 1) {
    await visitor.send('/projects/import', { which: '0' });
  }
  await visitor.send('/projects/import/confirmation');
  await visitor.page.waitForURL(/\/campaigns\/.*\/edit/);
  return visitor.path.replace(/\/edit.*$/, '');
}

/// Fills in everything a draft lacks.
export async function writeCampaign(visitor, campaign, ask) {
  await visitor.open(`${campaign}/edit/basics`);
  await visitor.send('/edit/basics', {
    title: ask.title, summary: 'Ten kits, and all the drawings for everybody.', minimum: ask.minimum,
    full_plan: ask.fullPlan, duration_days: ask.days ?? '30', time_zone: 'Europe/Berlin',
  });
  await visitor.open(`${campaign}/edit/story`);
  await visitor.send('/edit/story', { story: 'We build it **together**.', risks: 'Parts may come late.' });
  await visitor.open(`${campaign}/edit/budget`);
  await clearList(visitor, campaign, 'budget');
  await visitor.send('/budget-lines', {
    kind: 'material', title: 'Parts and tools', at_minimum: ask.minimum, at_full_plan: ask.fullPlan,
  });
  if (ask.reward) {
    await visitor.open(`${campaign}/edit/rewards`);
    await visitor.send('/rewards', ask.reward);
  }
  await visitor.open(`${campaign}/edit/returns`);
  await visitor.send('/returns', {
    kind: 'design', title: 'All drawings', licence: 'CERN-OHL-S-2.0', due: '2031-01-01', place: 'https://example.org/drawings',
  });
}

/// Removes what an import put into a list.
async function clearList(visitor, campaign, step) {
  for (;;) {
    const change = visitor.page.locator('main .sheet .head a');
    if (await change.count() === 0) return;
    await Promise.all([visitor.page.waitForNavigation(), change.first().click()]);
    await visitor.send('/removal');
    await visitor.open(`${campaign}/edit/${step}`);
  }
}

/// Names who answers for the money.
export async function nameHolder(visitor, project) {
  await visitor.open(`${project}/holder`);
  await visitor.send('/holder', {
    holder_name: 'Open Tools e.V.', holder_form: 'association', holder_country: 'DE',
    holder_address: 'Karl-Heine-Str. 1\n04229 Leipzig', holder_register: 'VR 1234', holder_signatory: 'Ada Baker',
  });
}

/// Sets up a second factor with the code that the sandbox shows: it counts for a quarter of an hour.
export async function secondFactor(visitor, password = PASSWORD) {
  await visitor.open('/my/second-factor');
  await visitor.send('/my/second-factor', { password });
  const [, left, right] = (await visitor.words()).match(/(\d{3})\s(\d{3})/) ?? [];
  assert.ok(left, await visitor.words());
  await visitor.send('/my/second-factor/setup', { code: left + right });
}

/// Signed in again after weeks, with a fresh code of the second factor.
export async function comeBack(visitor) {
  await signIn(visitor, visitor.email, PASSWORD);
  await visitor.page.goto(new URL('/my/second-factor/recovery-codes', visitor.base).href);
  if (!visitor.path.endsWith('/confirmation')) return;
  const [, left, right] = (await visitor.words()).match(/(\d{3})\s(\d{3})/) ?? [];
  assert.ok(left, await visitor.words());
  await visitor.send('/my/second-factor/confirmation', { code: left + right });
}

/// Test bank accounts of the payment sandbox.
export const BANK = { works: 'DE89370400440532013000', noAccount: 'DE62370400440532013001' };

/// Fills in where the project's money goes, on the provider's page, until it can be paid.
export async function onboard(visitor, project, bank = BANK.works, currency = 'EUR') {
  await visitor.open(`${project}/payout-account`);
  await visitor.send('/payout-account');
  assert.match(visitor.path, /^\/onboard\//, await visitor.words());
  await visitor.fill({ name: 'Open Tools e.V.', number: bank, currency, end: 'finish' });
  await Promise.all([
    visitor.page.waitForURL(/\/payout-account/), visitor.page.locator('main form button').first().click(),
  ]);
  await visitor.says('can be paid');
}

export async function submit(visitor, campaign) {
  await visitor.open(`${campaign}/edit`);
  await visitor.send('/submission');
}

/// A steward opens the campaign at once.
export async function approve(visitor, campaign) {
  const slug = campaign.split('/').pop();
  await visitor.open('/reviews');
  await visitor.open(`/reviews/${slug}`);
  await visitor.send('/approval');
}

/// Gives as far as the check page; each page is handed to `look`.
export async function toCheck(visitor, campaign, gift, look = async () => {}) {
  await visitor.open(`${campaign}/give`);
  await look('give-amount');
  await visitor.send('/give/details', { own: gift.amount, ...(gift.reward && { reward: gift.reward }) });
  await look('give-details');
  const guest = gift.email ? { email: gift.email, name: gift.name ?? 'Gus Guest' } : {};
  await visitor.send('/give/check', { ...guest, ...(gift.tip && { tip: gift.tip }) });
  await look('give-check');
}

/// Types a card on the provider's page; says yes or no when the bank asks.
export async function pay(visitor, card, answer = 'approve') {
  await visitor.fill({ number: card, expiry: '12 / 34', cvc: '123', name: 'Gus Guest' });
  await Promise.all([visitor.page.waitForNavigation(), visitor.page.locator('main form button').first().click()]);
  await sayToBank(visitor, answer);
}

/// Answers the bank's questions until it asks no more.
export async function sayToBank(visitor, answer = 'approve') {
  while (visitor.path.startsWith('/bank/')) {
    const button = visitor.page.locator(`main button[value="${answer}"]`);
    await Promise.all([visitor.page.waitForNavigation(), button.click()]);
  }
}

/// Gives to the end. The address of the pledge's page.
export async function give(visitor, campaign, gift, look) {
  await toCheck(visitor, campaign, gift, look);
  await visitor.send('/pledges');
  assert.match(visitor.path, /^\/pay\//, await visitor.words());
  await pay(visitor, gift.card ?? CARD.works);
  await visitor.page.waitForURL(/\/pledges\//);
  await look?.('pledge');
  return visitor.path;
}

/// The four figures on a campaign's page or its books: promised, collected, at risk, lost.
export const figures = (visitor) => visitor.page.locator('main dl.figures.four dd').allInnerTexts();

/// The rows of the file of backers, as spreadsheets get it.
export async function backersFile(visitor, campaign) {
  const answer = await visitor.context.request.get(`${visitor.base}${campaign}/backers.csv`);
  assert.equal(answer.status(), 200);
  const lines = (await answer.text()).trim().split('\r\n');
  const [, ...rows] = lines.map((line) => [...line.matchAll(/"((?:[^"]|"")*)"/g)].map((match) => match[1]));
  return rows.map(([name, email, reward, amount, back, currency, state]) => (
    { name, email, reward, amount, back, currency, state }));
}
