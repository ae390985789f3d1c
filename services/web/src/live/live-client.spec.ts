import { describe, expect, it, jest } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { LiveClient, type LiveSocket, type Watcher } from './live-client.js';

/** The part of a socket that LiveClient uses; the test acts as the server. */
class ScriptedSocket extends EventEmitter {
  readonly io = new EventEmitter();
  readonly sent: [string, unknown][] = [];
  connected = false;
  active = true;
  answer = { ok: true, version: 0, gap: false };

  onAny(): void {}
  timeout(): this {
    return this;
  }
  emitWithAck(event: string, body: unknown): Promise<unknown> {
    this.sent.push([event, body]);
    return Promise.resolve(this.answer);
  }
  override emit(event: string, body?: unknown): boolean {
    if (event === 'unsubscribe') return this.sent.push([event, body]) > 0;
    return super.emit(event, body);
  }
  disconnect(): void {
    this.become(false);
  }
  connect(): void {
    this.answer = { ok: true, version: 0, gap: false };
    this.become(true);
  }
  become(connected: boolean): void {
    this.connected = connected;
    this.emit(connected ? 'connect' : 'disconnect');
  }
}

function setUp() {
  const socket = new ScriptedSocket();
  const live = new LiveClient(socket as unknown as LiveSocket);
  const onAnswer = jest.fn();
  const watcher = (topic: string, since = 0): Watcher => ({ topic, since: () => since, onAnswer, onSummary: onAnswer });
  return { socket, live, onAnswer, watcher };
}

describe(LiveClient, () => {
  it('connects once, when it is opened', () => {
    const { socket, live } = setUp();
    socket.active = false;
    expect(socket.connected).toBe(false);
    live.open();
    expect(live.status.kind).toBe('live');
    const connect = jest.spyOn(socket, 'connect');
    live.open();
    expect(connect).not.toHaveBeenCalled();
  });

  it('subscribes its watchers with their versions at every connect', () => {
    const { socket, live, watcher } = setUp();
    live.watch(watcher('batch:1', 7));
    expect(socket.sent).toEqual([]);
    socket.become(true);
    socket.become(false);
    socket.become(true);
    expect(socket.sent).toEqual(Array(2).fill(['subscribe', { topic: 'batch:1', since: 7 }]));
  });

  it('reports the time of the last message while reconnecting', () => {
    const { socket, live } = setUp();
    expect(live.status.kind).toBe('connecting');
    socket.become(true);
    expect(live.status.kind).toBe('live');
    const before = Date.now();
    socket.become(false);
    expect(live.status).toEqual({ kind: 'reconnecting', asOf: expect.any(Number) });
    expect(live.status.kind === 'reconnecting' && live.status.asOf <= before).toBe(true);
  });

  it('reports why the server refused it, disconnects, and tries again later', async () => {
    const { socket, live, watcher } = setUp();
    jest.useFakeTimers();
    socket.answer = { ok: false, version: 0, gap: false, error: 'sign in again' } as never;
    live.watch(watcher('batch:1'));
    socket.become(true);
    await jest.advanceTimersByTimeAsync(0);
    expect(live.status).toEqual({ kind: 'refused', reason: 'sign in again' });
    expect(socket.connected).toBe(false);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(socket.connected).toBe(true);
    jest.useRealTimers();
  });

  it('passes events only to watchers of their topic', () => {
    const { socket, live, onAnswer, watcher } = setUp();
    live.watch(watcher('batch:1'));
    socket.emit('summary', { topic: 'batch:2', summary: {} });
    expect(onAnswer).not.toHaveBeenCalled();
    socket.emit('summary', { topic: 'batch:1', summary: {} });
    expect(onAnswer).toHaveBeenCalledTimes(1);
  });

  it('unsubscribes from a topic after its last watcher', () => {
    const { socket, live, watcher } = setUp();
    socket.become(true);
    const [first, second] = [live.watch(watcher('batch:1')), live.watch(watcher('batch:1'))];
    first();
    expect(socket.sent.map(([event]) => event)).not.toContain('unsubscribe');
    second();
    expect(socket.sent.at(-1)).toEqual(['unsubscribe', { topic: 'batch:1' }]);
  });
});
