import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

const NOW = '2026-01-01T00:00:00.000Z';

interface Stored {
  [field: string]: unknown;
}

/** A gateway in memory: just enough of its REST interface to load samples into. */
export interface FakeGateway {
  readonly url: string;
  /** Created items by path, such as `/api/apps`. */
  readonly stored: Record<string, Stored[]>;
  /** IDs of the started batches, one entry for each start. */
  readonly starts: number[];
  /** Number of commands after which the gateway closes the connection without a response; Infinity: never. */
  commandsLeft: number;
  close(): Promise<void>;
}

const complete: Record<string, (body: Stored, id: number) => Stored> = {
  '/api/media-files': (body, id) => ({ id, ...body, kind: 'video', createdAt: NOW }),
  '/api/apps': (body, id) => ({
    id,
    slug: `app-${id}_v1`,
    name: `app ${id}`,
    version: 'v1',
    description: '',
    identifier: `http://apps.clams.ai/app-${id}/v1`,
    concurrency: 1,
    deadlineSeconds: 3600,
    ready: true,
    enabled: true,
    paused: null,
    retry: {},
    costPerHour: null,
    notes: '',
    metadataSha256: '0'.repeat(64),
    changes: [],
    createdAt: NOW,
    ...body,
  }),
  '/api/pipelines': (body, id) => ({
    id,
    description: '',
    version: 1,
    createdAt: NOW,
    ...body,
    stages: (body['stages'] as { app: string }[]).map(({ app }, index) => ({ index, app, name: app, parameters: {} })),
    findings: [],
    archived: false,
  }),
  '/api/batches': (body, id) => ({
    id,
    name: body['name'],
    pipeline: { id: 1, name: body['pipeline'], version: 1 },
    files: (body['files'] as string[]).length,
    createdBy: 'local',
    createdAt: NOW,
    startedAt: null,
    finishedAt: null,
    summary: {
      batch: id,
      version: 1,
      name: body['name'],
      state: 'draft',
      runs: { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0 },
      stages: [],
      sentence: '',
      errors: [],
    },
  }),
};

/** Starts a fake gateway; port 0 selects any free port. */
export async function startFakeGateway(port = 0): Promise<FakeGateway> {
  const stored: FakeGateway['stored'] = Object.fromEntries(Object.keys(complete).map((path) => [path, []]));
  const starts: number[] = [];
  const command = async (path: string, request: IncomingMessage): Promise<unknown> => {
    const start = /^\/api\/batches\/(\d+)\/start$/.exec(path);
    if (start) {
      const batch = stored['/api/batches']!.find(({ id }) => id === Number(start[1]))!;
      (batch['summary'] as Stored)['state'] = 'running';
      starts.push(Number(start[1]));
      return batch;
    }
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString('utf8')) as Stored;
    const item = complete[path]!(body, stored[path]!.length + 1);
    stored[path]!.push(item);
    return item;
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://gateway').pathname;
    if (request.method === 'GET') return response.end(JSON.stringify({ items: stored[path], next: null }));
    return void command(path, request).then((answer) => {
      gateway.commandsLeft -= 1;
      if (gateway.commandsLeft < 0) request.socket.destroy();
      else response.end(JSON.stringify(answer));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const gateway: FakeGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stored,
    starts,
    commandsLeft: Infinity,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return gateway;
}
