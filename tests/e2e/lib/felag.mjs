// One installation of Felag for one test file: the real program, a data folder and ports of its own.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, 'target');
/// The program: FELAG_BIN, else what cargo built last.
const program = process.env.FELAG_BIN ?? ['debug', 'quick', 'release']
  .map((profile) => path.join(target, profile, 'felag')).find((file) => existsSync(file));

const freePort = () => new Promise((resolve, reject) => {
  const server = createServer().once('error', reject);
  server.listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});

/// What a piece of HTML says, without its tags, entities and marks of direction.
const plain = (html) => html.replace(/<[^>]*>/g, '').replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
  .replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')
  .replace(/[\u2066-\u2069]/g, '').trim();

export class Felag {
  /// Starts `felag serve` with more arguments and settings, and waits until it says where it is.
  static async start(args = [], settings = {}) {
    if (!program) throw new Error('there is no felag to test: run cargo build, or set FELAG_BIN');
    const felag = new Felag();
    felag.dir = mkdtempSync(path.join(tmpdir(), 'felag-e2e-'));
    chmodSync(felag.dir, 0o755); // run by root, the database has an account of its own that must get in
    felag.settings = {
      PATH: process.env.PATH, HOME: process.env.HOME, FELAG_DATA_DIR: felag.dir, FELAG_LOG: 'warn',
      FELAG_LISTEN: `127.0.0.1:${await freePort()}`, FELAG_SANDBOX_LISTEN: `127.0.0.1:${await freePort()}`, ...settings,
    };
    await felag.serve(args);
    return felag;
  }

  /// Starts the server, again with the same data if there was one before.
  async serve(args = []) {
    this.log = '';
    this.server = spawn(program, ['serve', ...args], { env: this.settings, stdio: ['ignore', 'pipe', 'pipe'] });
    this.server.stderr.on('data', (bytes) => { this.log += bytes; });
    let said = '';
    await new Promise((resolve, reject) => {
      this.server.stdout.on('data', (bytes) => { said += bytes; if (said.includes('Ctrl-C')) resolve(); });
      this.server.once('exit', (code) => reject(new Error(`felag ended with ${code}: ${this.log}`)));
    });
    this.base = said.match(/Felag is at (\S+)/)[1];
  }

  /// Ends the server cleanly and removes its data.
  async stop() {
    if (!this.server) return;
    const ended = new Promise((resolve) => { this.server.once('exit', resolve); });
    this.server.kill('SIGTERM');
    await ended;
    rmSync(this.dir, { recursive: true, force: true });
  }

  /// Runs a command beside the server; its standard output.
  async run(...args) {
    const { stdout } = await run(program, args, { env: this.settings });
    return stdout;
  }

  /// Moves the clock; all work that became due is done afterwards.
  advance(span) { return this.run('clock', 'advance', span); }

  /// The mails to an address, newest first, each as the page of the mailbox shows it: subject and text.
  async mailsTo(address) {
    const list = await (await fetch(`${this.base}/dev/mail?to=${encodeURIComponent(address)}`)).text();
    const ids = [...list.matchAll(/href="(\/dev\/mail\/[0-9a-f-]+)"/g)].map((match) => match[1]);
    return Promise.all(ids.map(async (id) => (await fetch(this.base + id)).text()));
  }

  /// The letters to an address, oldest first: which mail it is, its subject, its text.
  async lettersTo(address) {
    const pages = await this.mailsTo(address);
    const part = (html, pattern) => plain(html.match(pattern)?.[1] ?? '');
    return pages.reverse().map((html) => ({
      kind: part(html, /<dd><code>(\w+)<\/code>/),
      subject: part(html, /<h1 class="letter-title">(.*?)<\/h1>/s),
      text: part(html, /<div class="sheet letter">(.*?)<\/div>/s),
    }));
  }

  /// What the payment sandbox knows: objects, balance, charges by payment.
  async sandbox() { return (await fetch(`http://${this.settings.FELAG_SANDBOX_LISTEN}/_ctl/state`)).json(); }

  /// What was asked of the sandbox: method, path, client and how often.
  async calls() { return (await (await fetch(`http://${this.settings.FELAG_SANDBOX_LISTEN}/_ctl/calls`)).json()).calls; }
}
