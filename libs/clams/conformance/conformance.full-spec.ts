import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clamsSdk, startPythonApp, testFolder } from '#libs/testing';
import { describeChains } from './describe-chains.js';
import { describeDocuments } from './describe-documents.js';
import { describeParameters } from './describe-parameters.js';
import { describeSituations } from './describe-situations.js';
import { describeWork } from './describe-work.js';
import { bigDocument } from './documents.js';
import { kitSubject } from './kit-probe.js';
import { pythonSubject } from './python-probe.js';

const MINUTE = 60_000;
const MEGABYTE = 1_000_000;

const oldest = await clamsSdk('1.0.9');
const later = await Promise.all(
  (['1.3.3', '1.8.0'] as const).map(async (version) => {
    const environment = await clamsSdk(version);
    return environment ? [pythonSubject(version, environment, startPythonApp)] : [];
  }),
);
const kit = kitSubject();
const old = oldest ? [pythonSubject('1.0.9', oldest, startPythonApp)] : [];
const subjects = [...old, ...later.flat(), kit];

beforeAll(() => Promise.all(subjects.map((subject) => subject.begin())), MINUTE);
afterAll(() => Promise.all(subjects.map((subject) => subject.end())));

describe.each(old)('$versions', (subject) => {
  describeParameters(subject);
  describeSituations(subject, process.env['RECORD'] === '1');
  describeWork(subject);
});

describe('documents that pass from app to app', () => {
  describeChains(subjects);
});

if (oldest) {
  describe(`documents read by mmif-python ${oldest.versions['mmif-python']}`, () => {
    describeDocuments(oldest.python, () => testFolder('documents'), kit);
  });
}

it.each(subjects)(
  '$versions reads and writes a document of 20 MB',
  async (subject) => {
    const input = bigDocument({ texts: 180, frames: 5000 });
    expect(input.byteLength).toBeGreaterThan(20 * MEGABYTE);
    const { classified } = await subject.app().call({ what: 'huge', count: 20 }, { input, deadlineMs: 5 * MINUTE });
    expect(classified).toMatchObject({ outcome: 'ok', counts: { TextDocument: 1 } });
  },
  6 * MINUTE,
);
