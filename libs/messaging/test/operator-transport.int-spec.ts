import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Endpoint } from 'nats';
import {
  type AuditAnswer,
  type CommandAnswer,
  type Explanation,
  type OperatorRequest,
  operatorErrorSchema,
  OPERATOR_VERBS,
} from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats, waitFor } from '#libs/testing';
import { askOperator } from '../src/operators/ask-operator.js';
import { SchedulerUnavailable, OperatorRefusal } from '../src/errors.js';
import { NatsLink } from '../src/connection/nats-link.js';
import { Handles } from '../src/transports/nest-transport.js';
import { OperatorTransport } from '../src/transports/operator-transport.js';

const logger = createLogger('test', 'silent');
const WITHIN = 5000;
/** Requests that the handlers received. */
const received: unknown[] = [];
/** Lets a `resume` request finish. */
let finish: (() => void) | undefined;

function recorded(request: unknown): Promise<CommandAnswer> {
  received.push(request);
  return Promise.resolve({ ok: true, dryRun: false, count: 1, sentence: 'Done.', items: [] });
}

@Controller()
class OperatorController {
  @Handles('replay')
  replay(request: OperatorRequest<'replay'>) {
    return recorded(request);
  }

  @Handles('redrive')
  redrive(): Promise<CommandAnswer> {
    return Promise.reject(new Error('secret of the database'));
  }

  @Handles('cancel')
  cancel(): Promise<CommandAnswer> {
    return Promise.reject(new OperatorRefusal(409, 'Batch 5 has finished:\nthere is nothing to cancel.'));
  }

  @Handles('pause')
  pause(request: OperatorRequest<'pause'>) {
    return recorded(request);
  }

  @Handles('resume')
  async resume(request: OperatorRequest<'resume'>) {
    await new Promise<void>((resolve) => (finish = resolve));
    return recorded(request);
  }

  @Handles('hold')
  hold(request: OperatorRequest<'hold'>) {
    return recorded(request);
  }

  @Handles('drain')
  drain(request: OperatorRequest<'drain'>) {
    return recorded(request);
  }

  @Handles('explain')
  explain(): Promise<Explanation> {
    return Promise.resolve({ ok: true, state: 'waiting', reason: 'Why.', nextAction: 'What.' });
  }

  @Handles('audit')
  audit(request: OperatorRequest<'audit'>): Promise<AuditAnswer> {
    received.push(request);
    return Promise.resolve({ ok: true, batches: 0, disagreements: [], repaired: false });
  }
}

@Module({ controllers: [OperatorController] })
class TestModule {}

let nats: TestNats;
let link: NatsLink;
let client: NatsLink;
let app: INestMicroservice;

beforeAll(async () => {
  nats = await startTestNats();
  client = await NatsLink.connect(nats.url, 'operator', logger);
});
beforeEach(() => {
  received.length = 0;
});
afterAll(async () => {
  await client.close();
  await nats.stop();
});

async function start(): Promise<void> {
  link = await NatsLink.connect(nats.url, 'scheduler', logger);
  const strategy = new OperatorTransport(link, logger);
  app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false });
  await app.listen();
}
async function stop(): Promise<void> {
  await app.close();
  await link.close();
}

/** The answer to a raw request, as the NATS CLI sends it. */
async function request(subject: string, body = '') {
  const { headers, data } = await client.connection.request(subject, body, { timeout: WITHIN });
  return {
    code: headers?.get('Nats-Service-Error-Code') ?? '',
    error: headers?.get('Nats-Service-Error') ?? '',
    body: JSON.parse(new TextDecoder().decode(data)) as Record<string, unknown>,
  };
}

describe(OperatorTransport, () => {
  beforeAll(start);
  afterAll(stop);

  it('is a NATS service whose endpoints describe their requests', async () => {
    const infos = [];
    for await (const info of await client.connection.services.client().info('chowda')) infos.push(info);
    expect(infos).toMatchObject([{ name: 'chowda', version: '1.0.0' }]);
    const endpoints = infos[0]!.endpoints as (Endpoint & { name: string })[];
    expect(endpoints.map(({ subject }) => subject)).toEqual(
      Object.keys(OPERATOR_VERBS).map((verb) => `chowda.${verb}`),
    );
    const { metadata } = endpoints.find(({ name }) => name === 'explain')!;
    expect(metadata).toMatchObject({
      does: expect.stringContaining('makes no progress'),
      example: `nats req chowda.explain '{"run":17}'`,
    });
    expect(JSON.parse(metadata!['schema']!)).toMatchObject({
      type: 'object',
      properties: { run: { type: 'integer' }, batch: { type: 'integer' }, app: { type: 'string' } },
    });
  });

  it('passes a request with its defaults to the handler and returns its result', async () => {
    const answer = await request('chowda.replay', '{"run": 17}');
    expect(answer).toEqual({
      code: '',
      error: '',
      body: { ok: true, dryRun: false, count: 1, sentence: 'Done.', items: [] },
    });
    expect(received).toEqual([{ run: 17, actor: 'operator', dryRun: false }]);
  });

  it('treats an empty request as one without fields', async () => {
    expect((await request('chowda.audit')).body).toMatchObject({ ok: true });
    expect(received).toEqual([{ actor: 'operator', repair: false }]);
    expect(await request('chowda.explain', ' \n')).toMatchObject({ code: '400' });
  });

  it.each([
    ['chowda.replay', '{"run": "17"}', /^Correct "run": .*expected number/],
    ['chowda.cancel', '', /^Correct the request: name exactly one of batch, run/],
    ['chowda.pause', '{"app": "a", "batch": 1}', /^Correct the request: name exactly one of batch, app/],
    ['chowda.pause', '{"app": "a", "minutes": 5}', /^Correct the request: .*"minutes"/],
    ['chowda.explain', '{run: 17}', /^The request is not valid JSON/],
    ['chowda.explain', '17', /^Correct the request/],
  ])(
    'rejects on %s the invalid request %s, names the place, and shows a valid one',
    async (subject, body, sentence) => {
      const answer = await request(subject, body);
      expect(answer).toMatchObject({ code: '400', error: expect.stringMatching(sentence) });
      expect(answer.error).toMatch(/ A valid request is \{".+\}$/);
      expect(operatorErrorSchema.parse(answer.body)).toEqual({ ok: false, code: 400, sentence: answer.error });
      expect(received).toEqual([]);
    },
  );

  it('returns a refusal unchanged in the body and on one line in the header', async () => {
    expect(await request('chowda.cancel', '{"batch": 5}')).toMatchObject({
      code: '409',
      error: 'Batch 5 has finished: there is nothing to cancel.',
      body: { ok: false, code: 409, sentence: 'Batch 5 has finished:\nthere is nothing to cancel.' },
    });
  });

  it('reveals no details of an internal error', async () => {
    const answer = await request('chowda.redrive', '{"sequence": 1}');
    expect(answer).toMatchObject({ code: '500', body: { ok: false, code: 500 } });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('serves programs, which receive answers and refusals separately', async () => {
    expect(await askOperator(client.connection, 'explain', { run: 17 }, WITHIN)).toMatchObject({ reason: 'Why.' });
    await expect(askOperator(client.connection, 'cancel', { batch: 5 }, WITHIN)).rejects.toMatchObject({
      name: OperatorRefusal.name,
      code: 409,
    });
    const refusal = askOperator(client.connection, 'replay', {}, WITHIN);
    await expect(refusal).rejects.toMatchObject({ code: 400, sentence: expect.stringContaining('run, batch') });
  });
});

describe('a scheduler that stops', () => {
  it('answers the requests that have arrived and no others', async () => {
    await start();
    const answer = askOperator(client.connection, 'resume', { batch: 5 }, WITHIN);
    await waitFor(() => finish);
    const stopping = stop();
    finish!();
    expect(await answer).toMatchObject({ sentence: 'Done.' });
    await stopping;
    await expect(askOperator(client.connection, 'explain', { run: 1 }, WITHIN)).rejects.toThrow(SchedulerUnavailable);
  });

  it('is distinguished from one that takes too long', async () => {
    const silent = client.connection.subscribe('chowda.audit', { callback: () => undefined });
    await expect(askOperator(client.connection, 'audit', {}, 50)).rejects.toThrow('did not answer in time');
    silent.unsubscribe();
  });
});
