import { describe, expect, it } from '@jest/globals';
import { requireOwnSessions, requireVersion } from './server-check.js';

/** A connection to the session that `session` returns for each statement. */
const connection =
  (session: () => Map<string, string>) =>
  (statement: string, [value = '']: unknown[] = []) => {
    const settings = session();
    if (statement.includes('set_config')) settings.set('value', String(value));
    return Promise.resolve([{ value: settings.get('value') ?? null }]);
  };

describe('requireOwnSessions', () => {
  it('accepts connections with a session each', async () => {
    const [first, second] = [new Map<string, string>(), new Map<string, string>()];
    await expect(
      requireOwnSessions(
        connection(() => first),
        connection(() => second),
      ),
    ).resolves.toBeUndefined();
  });

  it('refuses a pooler that gives the session of one connection to another', async () => {
    const shared = new Map<string, string>();
    await expect(
      requireOwnSessions(
        connection(() => shared),
        connection(() => shared),
      ),
    ).rejects.toThrow(/pooler in transaction mode, .* use session mode/);
  });

  it('refuses a pooler that gives a connection another session for each statement', async () => {
    await expect(
      requireOwnSessions(
        connection(() => new Map()),
        connection(() => new Map()),
      ),
    ).rejects.toThrow('pooler in transaction mode');
  });
});

describe('requireVersion', () => {
  it('accepts Postgres 14', () => {
    expect(() => requireVersion(140_000)).not.toThrow();
  });

  it('refuses an older server with its version and the required one', () => {
    expect(() => requireVersion(130_014)).toThrow('The server is Postgres 13, but Chowda needs Postgres 14 or newer.');
  });
});
