import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type BatchView, cellCode, CELLS_VERSION_HEADER, type RunView } from '#libs/contracts';
import { freePort, type Stack, startStack } from '#deploy/local';
import {
  chromiumLaunch,
  createTestDatabase,
  type Reaction,
  startScriptedApp,
  startTestNats,
  testFolder,
  waitFor,
} from '#libs/testing';
import { SmallArchive } from './small-archive.js';

const STACK_START = 120_000;
const TEST_TIMEOUT = 60_000;
/** Milliseconds within which a page has to show the state of the server. */
const SHOWN_WITHIN = 20_000;
jest.setTimeout(TEST_TIMEOUT);

let stack: Stack;
let archive: SmallArchive;
/** Reaction of the second app to a file. */
let reactTo: (guid: string) => Reaction;
const closing: (() => Promise<unknown>)[] = [];
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** Errors in the console of the page, except failed requests, which tests cause on purpose. */
let consoleErrors: string[];

beforeAll(async () => {
  const [nats, database] = await Promise.all([startTestNats(), createTestDatabase()]);
  const apps = await Promise.all([
    startScriptedApp({ name: 'shots' }),
    startScriptedApp({ name: 'text', script: ({ guid }) => reactTo(guid) }),
  ]);
  closing.push(nats.stop, database.drop, ...apps.map(({ close }) => close));
  stack = await startStack({
    dataFolder: await testFolder('web'),
    httpPort: await freePort(),
    natsUrl: nats.url,
    databaseUrl: database.url,
    environment: process.env,
    onEvent: () => undefined,
  });
  archive = new SmallArchive(stack.webUrl, stack.accessToken);
  await archive.loadMedia();
  const slugs: string[] = [];
  for (const { url } of apps) slugs.push(await archive.registerApp(url));
  await waitFor(() => archive.areAppsReady(), { what: 'The registration of two apps', within: STACK_START });
  await archive.createPipeline(slugs);
  browser = await chromium.launch(await chromiumLaunch());
  context = await browser.newContext();
  context.setDefaultTimeout(SHOWN_WITHIN);
}, STACK_START);

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  await Promise.all(closing.map((close) => close()));
}, STACK_START);

beforeEach(async () => {
  reactTo = () => ({ kind: 'ok' });
  consoleErrors = [];
  page = await context.newPage();
  page.on('pageerror', (error) => consoleErrors.push(error.message));
  page.on('console', (message) => {
    const isFailedRequest = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isFailedRequest) consoleErrors.push(message.text());
  });
});

afterEach(async () => {
  await page.close();
  if (consoleErrors.length > 0) throw new Error(`The console of the page has errors: ${consoleErrors.join('; ')}`);
});

async function axeFindings(): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

async function axeFindingsInBothThemes(): Promise<string[]> {
  const findings: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    findings.push(...(await axeFindings()));
  }
  return findings;
}

/** Accessible names of all cells, in row order. */
const shownCells = () =>
  page
    .getByRole('table')
    .getByRole('img')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label')));

const finished = (batch: BatchView) =>
  waitFor(() => archive.isFinished(batch.id), { what: `The end of batch ${batch.id}`, within: TEST_TIMEOUT });

async function expectShown(cells: string[]): Promise<void> {
  let shown: unknown[] = [];
  const isShown = async () => {
    shown = await shownCells();
    return JSON.stringify(shown) === JSON.stringify(cells);
  };
  await waitFor(isShown, { what: 'A table with the cells expected', within: SHOWN_WITHIN }).catch(() => undefined);
  expect(shown).toEqual(cells);
}

/** The section of a run page about one stage. */
const stageOf = (name: string) =>
  page
    .getByRole('list', { name: 'Stages' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name }) });

/** The facts about a stage on the page, such as "Attempt 2". */
const factsOf = (name: string) =>
  stageOf(name)
    .locator('dl > div')
    .evaluateAll((facts) => facts.map((fact) => [...fact.children].map((part) => part.textContent).join(' ')));

const open = (path: string) => page.goto(new URL(path, archive.webUrl).href);
const live = () => page.getByRole('status').getByText('Live', { exact: true }).waitFor();

describe('the web client', () => {
  it('asks a new browser to sign in, then shows that there are no batches yet', async () => {
    await open('/');
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    expect(await axeFindings()).toEqual([]);
    await page.goto(stack.signInUrl);
    await page.getByRole('heading', { level: 1, name: 'Batches' }).waitFor();
    await page.getByText('No batches yet').waitFor();
    await live();
    expect(await axeFindings()).toEqual([]);
  });

  it('starts a draft from the list and shows its progress without a reload', async () => {
    const batch = await archive.createDraft('Evening news');
    await open('/');
    await page.getByRole('button', { name: 'Start Evening news' }).click();
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Evening news' }) });
    await card.getByText(`Batch ${batch.id}: finished, 3 done`).waitFor();
    expect(await card.getByRole('button').count()).toBe(0);
    expect(await page.title()).toBe('Batches · Chowda');
  });

  it('shows every cell of a batch as done, and then the batch as finished', async () => {
    const batch = await archive.createDraft('Morning news');
    await open(`/batches/${batch.id}`);
    await live();
    await page.getByRole('table').waitFor();
    expect(await shownCells()).toEqual(await archive.cellNames(batch));
    await page.getByRole('button', { name: 'Start Morning news' }).click();
    await page.getByText(`Batch ${batch.id}: finished, 3 done`).first().waitFor();
    const done = await archive.cellNames(batch);
    expect(done.every((cell) => cell.endsWith(', done'))).toBe(true);
    await expectShown(done);
    expect(await axeFindings()).toEqual([]);
  });

  it('links a file to its stages, updates them live, and links each stage to its MMIF output', async () => {
    const batch = await archive.createDraft('Reels');
    await open(`/batches/${batch.id}`);
    await page.getByRole('link', { name: archive.guids[1]! }).click();
    const heading = page.getByRole('heading', { level: 1, name: archive.guids[1]! });
    await heading.waitFor();
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
    await archive.start(batch.id);
    const links = page.getByRole('link', { name: /^Open MMIF/ });
    await links.nth(1).waitFor();
    const href = await links.nth(1).getAttribute('href');
    const answer = await context.request.get(new URL(href!, archive.webUrl).href);
    const mmif = (await answer.json()) as { metadata: { mmif: string }; views: unknown[] };
    expect(mmif.metadata.mmif).toContain('mmif.clams.ai');
    expect(mmif.views.length).toBeGreaterThanOrEqual(2);
    expect(await axeFindings()).toEqual([]);
  });

  it('shows a failing stage as retrying, then as an error group with what to do', async () => {
    reactTo = (guid) => (guid === archive.guids[0] ? { kind: 'error-view', message: 'no text track' } : { kind: 'ok' });
    const batch = await archive.createDraft('Damaged reels');
    await open(`/batches/${batch.id}`);
    await page.getByRole('button', { name: 'Start Damaged reels' }).click();
    await page.getByRole('img', { name: `${archive.guids[0]}, text, retrying`, exact: true }).waitFor();
    const failures = page.getByRole('region', { name: 'Failures' });
    await failures.getByText(/1 file in text/).waitFor();
    await failures.getByText(/no text track/).waitFor();
    await failures.getByText('What to do:').waitFor();
    await page.getByText(`Batch ${batch.id}: finished, 2 done, 1 failed`).first().waitFor();
    await expectShown(await archive.cellNames(batch));
    await page.getByText('finished with failures').waitFor();
    await page.getByRole('link', { name: archive.guids[0]! }).click();
    await page.getByText('Stack trace of the app').click();
    expect(await factsOf('text')).toContain('HTTP status 500');
    expect((await factsOf('shots')).join()).not.toContain('HTTP status');
    expect(await axeFindingsInBothThemes()).toEqual([]);
  });

  describe('of a batch that is held at a stage', () => {
    let release: () => void;
    let batch: BatchView;
    const hold = () => page.getByRole('region', { name: 'Held at text' });

    /** The first file has failed, and the app works on another one until `release` is called. */
    beforeEach(async () => {
      const until = new Promise<void>((resolve) => (release = resolve));
      reactTo = (guid) => (guid === archive.guids[0] ? { kind: 'text' } : { kind: 'held', until });
      batch = await archive.createDraft('Held reels');
      await archive.start(batch.id);
      await open(`/batches/${batch.id}`);
      await page.getByRole('img', { name: `${archive.guids[0]}, text, failed`, exact: true }).waitFor();
      await page.getByRole('img', { name: /, text, running$/ }).waitFor();
      await archive.hold(batch.id, 1, 'The parameters are wrong.');
      await hold().waitFor();
    });
    afterEach(async () => {
      release();
      await finished(batch);
    });

    it('shows the reason, and continues with its failed file when its owner decides so', async () => {
      expect(await hold().textContent()).toMatch(/The parameters are wrong\. Held since .* without a decision\./);
      await page.getByText('held', { exact: true }).waitFor();
      await hold().getByRole('button', { name: 'Continue', exact: true }).click();
      await hold().waitFor({ state: 'detached' });

      await archive.hold(batch.id, 1, '');
      reactTo = () => ({ kind: 'ok' });
      await hold().getByRole('button', { name: 'Continue and retry 1 failed file' }).click();
      await hold().waitFor({ state: 'detached' });
      release();
      await page.getByText(`Batch ${batch.id}: finished, 3 done`).first().waitFor();
    });

    it('asks before it cancels the batch', async () => {
      await hold().getByRole('button', { name: 'Cancel the batch …' }).click();
      await hold().getByText('Cancel 2 runs that have not ended?').waitFor();
      expect(await axeFindingsInBothThemes()).toEqual([]);
      await hold().getByRole('button', { name: 'Back' }).click();
      await hold().getByRole('button', { name: 'Cancel the batch …' }).click();
      await hold().getByRole('button', { name: 'Cancel the batch', exact: true }).click();
      await page.getByText(`Batch ${batch.id}: finished, 0 done, 1 failed, 2 cancelled`).first().waitFor();
      expect(await hold().count()).toBe(0);
    });
  });

  it('marks done files whose results need a check, and shows the reason for each', async () => {
    const [silent, noisy, long] = archive.guids as [string, string, string];
    const reactions: Record<string, Reaction> = {
      [silent]: { kind: 'ok', annotations: 0 },
      [noisy]: { kind: 'ok', warnings: ['The sound is noisy.', 'DeprecationWarning: old name of a type'] },
      [long]: { kind: 'ok', annotations: 300, duration: 31 * 60_000 },
    };
    reactTo = (guid) => reactions[guid]!;
    const batch = await archive.createDraft('Reels to look at');
    await open(`/batches/${batch.id}`);
    await page.getByRole('button', { name: 'Start Reels to look at' }).click();
    await expectShown([
      `${silent}, shots, done`,
      `${silent}, text, done, nothing found`,
      `${noisy}, shots, done`,
      `${noisy}, text, done, with warnings`,
      `${long}, shots, done`,
      `${long}, text, done, partial coverage`,
    ]);
    const counts = '3 done (1 with warnings, 1 nothing found, 1 partial coverage)';
    await page.getByRole('img', { name: `text: ${counts}`, exact: true }).waitFor();
    await page.getByRole('img', { name: 'shots: 3 done', exact: true }).waitFor();
    expect(await archive.cellNames(batch)).toEqual(await shownCells());
    expect(await axeFindingsInBothThemes()).toEqual([]);

    await page.getByRole('link', { name: silent }).click();
    await stageOf('text')
      .getByText(/found nothing/)
      .waitFor();
    expect(await stageOf('shots').textContent()).not.toMatch(/found|status/);
    await page.goBack();
    await page.getByRole('link', { name: noisy }).click();
    await stageOf('text').getByRole('list', { name: 'Warnings' }).getByText('The sound is noisy.').waitFor();
    await stageOf('text').getByText('1 notice from the CLAMS SDK').click();
    await stageOf('text').getByText('DeprecationWarning: old name of a type').waitFor();
    await page.goBack();
    await page.getByRole('link', { name: long }).click();
    await stageOf('text')
      .getByText('The result covers 4 of 31 min: there are no annotations after 5 min 00 s.')
      .waitFor();
    expect(await factsOf('text')).toContain('Coverage 5 min 00 s of 31 min 00 s');
    expect(await axeFindingsInBothThemes()).toEqual([]);
  });

  it('has a different shape for every sign, and shows when a stage will be retried', async () => {
    const batch = await archive.createDraft('Reels with all states');
    const states = ['done', 'retrying', 'failed', 'skipped', 'cancelled', 'queued'] as const;
    await page.route(`**/api/batches/${batch.id}/cells`, (route) =>
      route.fulfill({
        headers: { [CELLS_VERSION_HEADER]: '1000000' },
        body: Buffer.from(states.map((state) => cellCode(state))),
      }),
    );
    await page.route('**/api/runs/*', async (route) => {
      const answer = await route.fetch();
      const run = (await answer.json()) as RunView;
      const [shots, text] = run.stages;
      const failure = { outcome: 'timeout', sentence: 'text did not answer within 60 s.' };
      const retrying = { ...failure, state: 'retrying', retryAt: '2030-01-01T12:00:30Z' };
      await route.fulfill({
        json: {
          ...run,
          stages: [
            { ...shots, state: 'done' },
            { ...text, ...retrying },
          ],
        },
      });
    });
    await open(`/batches/${batch.id}`);
    const names = archive.guids.flatMap((guid) => ['shots', 'text'].map((stage) => `${guid}, ${stage}`));
    await expectShown(names.map((name, index) => `${name}, ${states[index]}`));
    const legend = page.getByRole('region', { name: 'Files' }).locator('ul[aria-hidden] > li');
    const shapes = await legend.locator('svg').evaluateAll((icons) => icons.map((icon) => icon.innerHTML));
    expect(new Set(shapes).size).toBe(await legend.count());
    expect(shapes.length).toBeGreaterThan(states.length);
    expect(await axeFindingsInBothThemes()).toEqual([]);

    await page.getByRole('link', { name: archive.guids[0]! }).click();
    await stageOf('text').getByText('text did not answer within 60 s.').waitFor();
    await stageOf('text')
      .getByText(/The stage will be retried at .*:00:30/)
      .waitFor();
    expect(await axeFindingsInBothThemes()).toEqual([]);
  });

  it('shows that the connection is lost, and shows everything it missed after the reconnect', async () => {
    let isCut = false;
    const cut: (() => Promise<void>)[] = [];
    await page.routeWebSocket(/socket\.io/, (socket) => {
      if (isCut) return void socket.close();
      const server = socket.connectToServer();
      cut.push(async () => {
        await server.close();
        await socket.close();
      });
    });
    await page.route('**/socket.io/**', (route) => (isCut ? route.abort() : route.continue()));
    const batch = await archive.createDraft('Night news');
    await open(`/batches/${batch.id}`);
    await live();
    await page.getByRole('table').waitFor();

    isCut = true;
    await Promise.all(cut.map((close) => close()));
    await page.getByText(/^Reconnecting, data as of \d/).waitFor();
    await archive.start(batch.id);
    await finished(batch);
    expect((await shownCells()).every((cell) => cell?.endsWith(', waiting'))).toBe(true);

    isCut = false;
    await live();
    await expectShown(await archive.cellNames(batch));
    await page.getByText(`Batch ${batch.id}: finished, 3 done`).first().waitFor();
  });

  it('shows the error, the request ID and a Retry button if the server fails', async () => {
    const problem = { type: '/problems/internal', title: 'Something broke', status: 500, detail: 'Look at the log.' };
    let fails = true;
    await page.route('**/api/batches?*', (route) =>
      fails
        ? route.fulfill({ status: 500, headers: { 'X-Request-Id': 'request-7' }, body: JSON.stringify(problem) })
        : route.continue(),
    );
    await open('/');
    const panel = page.getByRole('alert');
    await panel.getByText('Something broke').waitFor();
    await panel.getByText('Look at the log.').waitFor();
    await panel.getByText('Request ID: request-7').waitFor();
    expect(await axeFindings()).toEqual([]);
    fails = false;
    await panel.getByRole('button', { name: 'Retry' }).click();
    await page.getByRole('link', { name: 'Evening news' }).waitFor();
  });

  it('reports a batch or page that does not exist', async () => {
    await open('/batches/999999');
    await page.getByRole('alert').waitFor();
    expect(await page.title()).toBe('Batch 999999 · Chowda');
    await open('/no/such/page');
    await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
    expect(await page.title()).toBe('Page not found · Chowda');
  });
});
