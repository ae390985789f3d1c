import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { clamsSdk, startPythonApp, testFolder, waitFor } from '#libs/testing';
import { describeChains } from './describe-chains.js';
import { describeDocuments } from './describe-documents.js';
import { describeParameters } from './describe-parameters.js';
import { describeSituations } from './describe-situations.js';
import { describeWork } from './describe-work.js';
import { kitSubject } from './kit-probe.js';
import { PROBE_SCRIPT, pythonSubject } from './python-probe.js';

const [older, newer] = await Promise.all([clamsSdk('1.3.3'), clamsSdk('1.8.0')]);
const kit = kitSubject();
const python = [
  ...(older ? [pythonSubject('1.3.3', older, startPythonApp)] : []),
  ...(newer ? [pythonSubject('1.8.0', newer, startPythonApp)] : []),
];
const subjects = [...python, kit];

beforeAll(() => Promise.all(subjects.map((subject) => subject.begin())), 60_000);
afterAll(() => Promise.all(subjects.map((subject) => subject.end())));

describe.each(subjects)('$versions', (subject) => {
  describeParameters(subject);
  describeSituations(subject, process.env['RECORD'] === '1');
  describeWork(subject);
});

describe('documents that pass from app to app', () => {
  describeChains(subjects);
});

for (const environment of [older, newer]) {
  if (!environment) continue;
  describe(`documents read by mmif-python ${environment.versions['mmif-python']}`, () => {
    describeDocuments(environment.python, () => testFolder('documents'), kit);
  });
}

/** Script for another process, which uses the built code. */
const STARTER = `
  const { startPythonApp } = await import('#libs/testing');
  const app = await startPythonApp(JSON.parse(process.argv[1]));
  process.stdout.write(app.url);
  setInterval(() => undefined, 60_000);
`;

if (newer) {
  it('leaves no app behind when the test run is killed', async () => {
    const options = JSON.stringify({ environment: newer, script: PROBE_SCRIPT });
    const starter = spawn(process.execPath, ['--input-type=module', '-e', STARTER, options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = (await once(starter.stdout, 'data')) as [Buffer];
    const answers = () =>
      fetch(String(url)).then(
        ({ ok }) => ok,
        () => false,
      );
    expect(await answers()).toBe(true);
    starter.kill('SIGKILL');
    await waitFor(async () => !(await answers()), { what: 'The end of the app' });
  });
}
