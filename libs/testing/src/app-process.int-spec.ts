import { expect, it } from '@jest/globals';
import { startAppProcess } from './app-process.js';

const nodeScript = (script: string) => ({ command: [process.execPath, '-e', script] }) as const;
const SERVING = `
  require('node:http').createServer((_, response) => response.end('here')).listen(process.argv[1], '127.0.0.1');
  console.log('serving', process.argv.slice(2).join(), process.env.COLOUR);
`;

it('serves an app on its port, with arguments and variables, until it is killed', async () => {
  const app = await startAppProcess({ ...nodeScript(SERVING), args: ['--fast'], variables: { COLOUR: 'red' } });
  expect(await (await fetch(app.url)).text()).toBe('here');
  expect(await app.log()).toBe('serving --fast red\n');
  await app.stop();
  await expect(fetch(app.url)).rejects.toThrow('fetch failed');
});

it('throws with the output of an app that does not start', async () => {
  const starting = startAppProcess(nodeScript('console.error("no model"); process.exit(3)'));
  await expect(starting).rejects.toThrow(/ended \(exit code 3\): no model/);
  await expect(startAppProcess({ command: ['/nowhere/python'] })).rejects.toThrow('ENOENT');
});
