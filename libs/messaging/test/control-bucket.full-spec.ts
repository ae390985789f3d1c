import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CONTROL_BUCKET, stageSubject } from '#libs/contracts';
import { createLogger } from '#libs/runtime';
import { startTestNats, type TestNats, waitFor } from '#libs/testing';
import { NatsLink } from '../src/connection/nats-link.js';
import { provision, provisionApp } from '../src/provision/provision.js';
import { type StageMessage, StageTransport } from '../src/transports/stage-transport.js';
import { appControl } from './app-control.js';

const MINUTE = 60_000;

let nats: TestNats;
let link: NatsLink;
let transport: StageTransport;

beforeAll(async () => {
  const logger = createLogger('test', 'silent');
  nats = await startTestNats();
  link = await NatsLink.connect(nats.url, 'test', logger);
  transport = new StageTransport(link, logger, { worker: 'w1', apps: [] });
});

afterAll(async () => {
  await transport.close();
  await link.close();
  await nats.stop();
});

async function register(slug: string): Promise<void> {
  const control = await provision(link.connection, 'here');
  await provisionApp(link.connection, slug, appControl(slug));
  await control.putApp(appControl(slug));
  await link.publisher.publish(stageSubject(slug, { batch: 1, run: 1, index: 0 }), Buffer.from(slug));
}

describe('a recreated control bucket', () => {
  it(
    'is watched from its beginning within a minute',
    async () => {
      const served: string[] = [];
      transport.addHandler('stage', (message: StageMessage) => {
        served.push(message.app.slug);
        message.delivery.ack();
        return Promise.resolve();
      });
      transport.listen(() => undefined);
      for (const slug of ['shots_v1', 'shots_v2', 'shots_v3']) await register(slug);
      await waitFor(() => served.length === 3);
      await (await link.connection.jetstreamManager()).streams.delete(`KV_${CONTROL_BUCKET}`);
      await register('text_v1');
      await waitFor(() => served.length === 4, { within: MINUTE });
      expect(served.at(-1)).toBe('text_v1');
    },
    2 * MINUTE,
  );
});
