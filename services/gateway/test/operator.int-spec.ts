import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type CommandAnswer,
  type Explanation,
  type KeyedCommandAnswer,
  type OperatorError,
  operatorSubject,
} from '#libs/contracts';
import { askOperator, NatsLink } from '#libs/messaging';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats } from '#libs/testing';
import type { HttpClient } from './http-client.js';
import { TestGateway } from './test-gateway.js';

const WITHIN = 300;
const logger = createLogger('test', 'silent');
const DONE: CommandAnswer = { ok: true, dryRun: false, count: 1, sentence: 'Done.', items: ['cpb-1'] };
const WHY: Explanation = { ok: true, state: 'waiting', reason: 'Text is paused.', nextAction: 'Resume it.' };

let nats: TestNats;
let link: NatsLink;
let gateway: TestGateway;
let client: HttpClient;
/** Requests that the scheduler received. */
const requests: { subject: string; request: unknown }[] = [];
/** The answer of the scheduler; null when it does not answer. */
let answer: KeyedCommandAnswer | Explanation | OperatorError | null;

beforeAll(async () => {
  nats = await startTestNats();
  link = await NatsLink.connect(nats.url, 'test', logger);
  link.connection.subscribe(operatorSubject('*' as 'replay'), {
    callback: (_, message) => {
      requests.push({ subject: message.subject, request: message.json() });
      if (answer) message.respond(JSON.stringify(answer));
    },
  });
  gateway = await TestGateway.start(
    {},
    { ask: (verb, request) => askOperator(link.connection, verb, request, WITHIN) },
  );
  ({ client } = gateway);
});
beforeEach(() => {
  requests.length = 0;
  answer = DONE;
});
afterAll(async () => {
  await gateway.close();
  await link.close();
  await nats.stop();
});

const refuse = (code: number, sentence: string) => {
  answer = { ok: false, code, sentence };
};

describe('a command', () => {
  it.each([
    ['/api/batches/5/pause', undefined, 'pause', { batch: 5 }],
    ['/api/batches/5/resume', undefined, 'resume', { batch: 5 }],
    ['/api/batches/5/hold', { stage: 1 }, 'hold', { batch: 5, stage: 1, why: '' }],
    ['/api/batches/5/resume', { stage: 1 }, 'resume', { batch: 5, stage: 1 }],
    ['/api/batches/5/cancel', undefined, 'cancel', { batch: 5 }],
    ['/api/batches/5/retry', {}, 'replay', { batch: 5, dryRun: false }],
    [
      '/api/batches/5/retry',
      { fingerprint: 'text|x', app: 'text_v1', dryRun: true },
      'replay',
      { batch: 5, fingerprint: 'text|x', app: 'text_v1', dryRun: true },
    ],
    [
      '/api/batches/5/retry',
      { runs: 'cancelled', stage: 1 },
      'replay',
      { batch: 5, runs: 'cancelled', stage: 1, dryRun: false },
    ],
    ['/api/runs/17/retry', { stage: 1 }, 'replay', { run: 17, stage: 1, dryRun: false }],
    ['/api/runs/17/cancel', undefined, 'cancel', { run: 17 }],
    ['/api/apps/text_v1/pause', { why: ' GPU ' }, 'pause', { app: 'text_v1', why: 'GPU' }],
    ['/api/apps/text_v1/resume', undefined, 'resume', { app: 'text_v1' }],
  ])('at %s with %j is sent to the scheduler with its actor', async (path, body, verb, request) => {
    expect(await client.post(path, body)).toMatchObject({ status: 200, body: DONE });
    expect(requests).toEqual([{ subject: `chowda.${verb}`, request: { ...request, actor: 'local' } }]);
  });

  it.each([
    [409, 409, 'not-now', 'Batch 5 has finished: there is nothing to cancel.'],
    [404, 404, 'unknown-batch', 'There is no batch 5. Find it in its list.'],
    [400, 400, 'invalid-request', 'Correct "batch".'],
    [500, 500, 'scheduler-failed', 'Something went wrong here.'],
  ])('that the scheduler rejects (%i) returns a problem with the reason', async (code, status, name, sentence) => {
    refuse(code, sentence);
    expect(await client.post('/api/batches/5/cancel')).toMatchObject({
      status,
      body: { type: `/problems/${name}`, detail: sentence },
    });
  });

  it.each([
    ['/api/batches/5/retry', { fingerprint: 5 }, 400],
    ['/api/batches/5/retry', { stage: -1 }, 400],
    ['/api/batches/5/retry', { runs: 'done' }, 400],
    ['/api/runs/x/cancel', undefined, 404],
    ['/api/runs/0/cancel', undefined, 404],
    ['/api/batches/5/retry', undefined, 415],
    ['/api/runs/17/retry', { stage: -1 }, 400],
    ['/api/batches/x/pause', undefined, 404],
    ['/api/batches/0/pause', undefined, 404],
    ['/api/runs/99999999999999999/retry', {}, 404],
    ['/api/apps/text%20v1/resume', undefined, 404],
  ])('at %s with the invalid body %j is not sent to the scheduler', async (path, body, status) => {
    expect(await client.post(path, body)).toMatchObject({ status });
    expect(requests).toEqual([]);
  });

  it('forwards its key and marks a repeated answer', async () => {
    const key = { 'idempotency-key': 'key-1' };
    const first = await client.post('/api/batches/5/pause', undefined, key);
    expect(requests).toEqual([{ subject: 'chowda.pause', request: { batch: 5, actor: 'local', key: 'key-1' } }]);
    answer = { ...DONE, replayed: true };
    const second = await client.post('/api/batches/5/pause', undefined, key);
    expect(second).toMatchObject({ status: first.status, bytes: first.bytes });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(second.headers).toHaveProperty('idempotency-replayed', 'true');
    refuse(422, 'The key key-1 was used for another command.');
    expect(await client.post('/api/batches/5/resume', undefined, key)).toMatchObject({
      status: 422,
      body: { type: '/problems/idempotency-key-reused' },
    });
  });

  it('requires authentication', async () => {
    expect(await gateway.anonymous.post('/api/batches/5/cancel')).toMatchObject({ status: 401 });
    expect(requests).toEqual([]);
  });
});

describe('an explanation', () => {
  it.each([
    ['/api/runs/17/explain', { run: 17 }],
    ['/api/batches/5/explain', { batch: 5 }],
  ])('at %s is the answer of the scheduler', async (path, request) => {
    answer = WHY;
    expect(await client.get(path)).toMatchObject({ status: 200, body: WHY });
    expect(requests).toEqual([{ subject: 'chowda.explain', request }]);
  });
});

describe('an explanation of an app', () => {
  it('is the answer of the scheduler, and requires a valid app name', async () => {
    answer = WHY;
    expect(await client.get('/api/apps/text_v1/explain')).toMatchObject({ status: 200, body: WHY });
    expect(requests).toEqual([{ subject: 'chowda.explain', request: { app: 'text_v1' } }]);
    expect((await client.get('/api/apps/a.b/explain')).status).toBe(404);
    expect(requests).toHaveLength(1);
  });
});

describe('an unresponsive scheduler', () => {
  it('is reported, with the warning that the command may have taken effect', async () => {
    answer = null;
    expect(await client.post('/api/batches/5/pause')).toMatchObject({
      status: 503,
      body: {
        type: '/problems/scheduler-away',
        title: 'The scheduler is not responding',
        detail: expect.stringContaining('may have carried out the command'),
      },
    });
  });
});
