import { describe, expect, it } from '@jest/globals';
import { EXIT } from '../exit-codes.js';
import { chooseServer, type LocalStart } from './find-server.js';

const started: LocalStart = { folder: '/data', url: 'http://127.0.0.1:8080', token: 'local' };
const nothing: LocalStart = { folder: '/data', url: null, token: null };

describe(chooseServer, () => {
  it('takes what "npm start" has left', () => {
    expect(chooseServer({}, started)).toEqual({ url: 'http://127.0.0.1:8080', token: 'local' });
  });

  it('prefers what the environment says', () => {
    const config = { CHOWDA_URL: 'https://chowda.example.org', CHOWDA_TOKEN: 'mine' };
    expect(chooseServer(config, started)).toEqual({ url: 'https://chowda.example.org', token: 'mine' });
  });

  it.each(['http://localhost:9000', 'http://[::1]:9000', 'http://127.0.0.1'])(
    'shows the token of this machine to %s',
    (url) => expect(chooseServer({ CHOWDA_URL: url }, started)).toEqual({ url, token: 'local' }),
  );

  it.each(['https://chowda.example.org', 'http://localhost.example.org', 'http://10.0.0.1'])(
    'does not show the token of this machine to %s',
    (url) => {
      expect(() => chooseServer({ CHOWDA_URL: url }, started)).toThrow(
        `Set CHOWDA_TOKEN to the access token of ${url}`,
      );
    },
  );

  it('says what to do when there is nothing', () => {
    expect(() => chooseServer({}, nothing)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('run "npm start"'), exitCode: EXIT.unreachable }),
    );
  });
});
