import { describe, expect, it } from '@jest/globals';
import { natsConfigText } from './nats-config.js';
import type { Version } from './version.js';

const text = (version: Version, monitorPort?: number) =>
  natsConfigText({ version, port: 4222, monitorPort, storeFolder: '/data/a "b"', pidFile: '/data/nats.pid' });

describe(natsConfigText, () => {
  it('listens on the loopback address only', () => {
    expect(text([2, 15, 1], 8222).match(/^(?:listen|http): .*$/gm)).toEqual([
      'listen: "127.0.0.1:4222"',
      'http: "127.0.0.1:8222"',
    ]);
  });

  it('enables monitoring only if a monitor port is given', () => {
    expect(text([2, 15, 1])).not.toContain('http:');
  });

  it('flushes to disk every second if the server version supports it', () => {
    expect(text([2, 10, 0])).toContain('sync_interval: 1s');
    expect(text([2, 9, 10])).not.toContain('sync_interval');
  });

  it('configures a single server by default', () => {
    expect(text([2, 15, 1])).not.toContain('cluster');
  });

  it('contains its own name and the routes to all members of its cluster', () => {
    const cluster = { serverName: 'one', port: 6001, members: [6001, 6002] };
    const config = natsConfigText({ version: [2, 15, 1], port: 4222, storeFolder: '/s', pidFile: '/p', cluster });
    expect(config).toContain('server_name: one\n');
    expect(config).toContain('  listen: "127.0.0.1:6001"\n');
    expect(config).toContain('  routes: ["nats-route://127.0.0.1:6001", "nats-route://127.0.0.1:6002"]\n');
  });

  it('quotes folders', () => {
    expect(text([2, 15, 1])).toContain('store_dir: "/data/a \\"b\\""');
  });
});
