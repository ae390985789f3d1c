import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumLaunch } from '#libs/testing';
import { ACCESS_TOKEN, TestGateway } from './test-gateway.js';

const MINUTE = 60_000;

let gateway: TestGateway;
let browser: Browser;
let page: Page;
const elsewhere: string[] = [];
const complaints: string[] = [];
beforeAll(async () => {
  gateway = await TestGateway.start();
  browser = await chromium.launch(await chromiumLaunch());
  page = await browser.newPage({ extraHTTPHeaders: { authorization: `Bearer ${ACCESS_TOKEN}` } });
  page.setDefaultTimeout(MINUTE);
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(gateway.url) && !url.startsWith('data:')) elsewhere.push(url);
  });
  // The browser reports violations of the content security policy on the console.
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${gateway.url}/api/docs`);
  await page.waitForSelector('.opblock');
}, 2 * MINUTE);
afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

describe('the API documentation page', () => {
  it('shows the groups in workflow order with their descriptions', async () => {
    const groups = await page.locator('.opblock-tag').allInnerTexts();
    const words = groups.map((text) => text.replaceAll(/\s+/g, ' '));
    expect(words.slice(0, 3)).toEqual([
      expect.stringMatching(/^Media files Audio, video, images and text/),
      expect.stringMatching(/^Collections /),
      expect.stringMatching(/^Apps /),
    ]);
  });

  it('shows an operation with its examples and without a column of links', async () => {
    await page.locator('#operations-Batches-postBatches .opblock-summary').click();
    const opened = page.locator('#operations-Batches-postBatches .opblock-body');
    await opened.locator('.responses-wrapper').waitFor();
    const text = await opened.innerText();
    expect(text).toContain('Idempotency-Key');
    expect(text).toContain('"pipeline": "speech to text"');
    expect(text).not.toContain('Links');
    expect(await opened.locator('option').allInnerTexts()).toEqual(
      expect.arrayContaining(['collection', 'failures', 'unknown-pipeline']),
    );
  });

  it('sends no request to other origins and violates no policy', () => {
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
