import { describe, expect, it } from '@jest/globals';
import { EXIT } from '../exit-codes.js';
import { chooseServer, type LocalServer } from './find-server.js';

const started: LocalServer = { folder: '/data', url: 'http://127.0.0.1:8080', token: 'local' };
const nothing: LocalServer = { folder: '/data', url: null, token: null };

describe(chooseServer, () => {
  it('uses the URL and token that "npm start" stored', () => {
    expect(chooseServer({}, started)).toEqual({ url: 'http://127.0.0.1:8080', token: 'local' });
  });

  it('prefers the environment variables', () => {
    const config = { CHOWDA_URL: 'https://chowda.example.org', CHOWDA_TOKEN: 'mine' };
    expect(chooseServer(config, started)).toEqual({ url: 'https://chowda.example.org', token: 'mine' });
  });

  it.each(['http://localhost:9000', 'http://[::1]:9000', 'http://127.0.0.1'])('sends the local token to %s', (url) =>
    expect(chooseServer({ CHOWDA_URL: url }, started)).toEqual({ url, token: 'local' }),
  );

  it.each(['https://chowda.example.org', 'http://localhost.example.org', 'http://10.0.0.1'])(
    'does not send the local token to %s',
    (url) => {
      expect(() => chooseServer({ CHOWDA_URL: url }, started)).toThrow(
        `Set CHOWDA_TOKEN to the access token of ${url}`,
      );
    },
  );

  it('states what to do if no URL is known', () => {
    expect(() => chooseServer({}, nothing)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('Run "npm start"'), exitCode: EXIT.unreachable }),
    );
  });
});
