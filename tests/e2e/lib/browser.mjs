// Chromium as visitors use it. It reaches this machine only, and JavaScript is off unless a test asks for it.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1 , EXCLUDE ::1'];
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/// Where pictures go, when FELAG_SHOTS names a folder.
const shots = process.env.FELAG_SHOTS;

export const VIEWS = [
  { name: '390-light', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { name: '390-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
  { name: '1280-light', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: '1280-dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
];

export const launch = () => chromium.launch({
  executablePath: process.env.FELAG_CHROMIUM ?? '/usr/bin/chromium', args: FLAGS, timeout: 60000,
});

export class Visitor {
  /// A visitor with a browser profile of their own.
  static async come(browser, base, options = {}) {
    const visitor = new Visitor();
    visitor.base = base;
    visitor.context = await browser.newContext({ javaScriptEnabled: false, reducedMotion: 'reduce', ...options });
    // The checker is a script itself, so it looks at a copy of the page where scripts run.
    visitor.checker = await browser.newContext({ reducedMotion: 'reduce', ...options });
    visitor.context.setDefaultTimeout(20000);
    visitor.complaints = [];
    visitor.page = await visitor.context.newPage();
    // Other hosts cannot be reached anyway (see FLAGS); that a page asks for one is a fault.
    visitor.page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && !LOOPBACK.has(url.hostname)) visitor.complaints.push(`asked for ${url.host}`);
    });
    visitor.page.on('console', (message) => {
      if (message.type() === 'error') visitor.complaints.push(message.text());
    });
    visitor.page.on('pageerror', (error) => visitor.complaints.push(String(error)));
    return visitor;
  }

  /// Opens a page of ours, or a whole address; the page must answer with `status`.
  async open(address, status = 200) {
    const answer = await this.page.goto(new URL(address, this.base).href);
    assert.equal(answer.status(), status, `${address}: ${await this.words()}`);
  }

  /// Fills in fields by their names: text is typed, a radio button or an option chosen, `true` ticks.
  async fill(fields) {
    for (const [name, value] of Object.entries(fields)) {
      const field = this.page.locator(`main [name="${name}"]`);
      const kind = await field.first().evaluate((one) => one.type);
      if (kind === 'radio') await this.page.locator(`main [name="${name}"][value="${value}"]`).check();
      else if (kind === 'checkbox') await field.setChecked(value);
      else if (kind === 'select-one') await field.selectOption(value);
      else if (kind === 'file') await field.setInputFiles(value);
      else await field.first().fill(value);
    }
  }

  /// Presses the button of the form that is sent to an address ending in `action`, and waits for the next page.
  async send(action, fields = {}) {
    await this.fill(fields);
    const form = this.page.locator(`main form[action$="${action}"]`);
    assert.ok(await form.count(), `${this.page.url()} has no form to ${action}: ${await this.words()}`);
    const [answer] = await Promise.all([
      this.page.waitForNavigation(),
      form.locator('button:not([formaction])').first().click(),
    ]);
    return answer;
  }

  /// What stands in the page's main part.
  words() { return this.page.locator('main').innerText(); }

  async says(pattern) {
    const words = (await this.words()).replace(/\s+/g, ' ');
    assert.match(words, pattern instanceof RegExp ? pattern : new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  }

  /// The state that stands on the page of a pledge or a campaign of one's own.
  state() { return this.page.locator('main .state').first().innerText(); }

  get path() { return new URL(this.page.url()).pathname; }

  /// No rule of accessibility is broken, nothing sticks out sideways, nothing was complained about.
  async isFit() {
    const [address, html] = [this.page.url(), await this.page.content()];
    // A mail stands in a frame without scripts: in the copy it may have them, and is looked at too.
    const body = html.replace(' sandbox=""', '');
    const copy = await this.checker.newPage();
    try {
      await copy.route((url) => url.href === address, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
      await copy.route(/\/dev\/mail\/[^/]+\/html$/, async (route) => {
        const mail = await route.fetch();
        await route.fulfill({ contentType: 'text/html; charset=utf-8', body: await mail.text() });
      });
      await copy.goto(address);
      const { violations } = await new AxeBuilder({ page: copy }).withTags(AXE_TAGS).analyze();
      const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ').slice(0, 300)}`);
      assert.deepEqual(found, [], `${address} breaks rules of accessibility`);
      const wide = await copy.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 1, `${address} sticks out by ${wide} px`);
    } finally {
      await copy.close();
    }
    assert.deepEqual(this.complaints, [], `${address} complains`);
  }

  /// A picture of the whole page, when FELAG_SHOTS asks for them.
  async picture(name) {
    if (!shots) return;
    mkdirSync(shots, { recursive: true });
    await this.page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
  }

  async leave() { await this.context.close(); await this.checker.close(); }
}
