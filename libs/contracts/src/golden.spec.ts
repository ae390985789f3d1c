import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import * as contracts from './index.js';

const FOLDER = 'libs/contracts/golden';
const MESSAGE = 'message';
const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Every schema of the contracts by the name of its examples: `batchSummarySchema` has `batch-summary.json`. */
const schemas = new Map(
  Object.entries(contracts).flatMap(([name, value]: [string, unknown]): [string, z.ZodType][] =>
    value instanceof z.ZodType ? [[kebab(name.replace(/Schema$/, '')), value]] : [],
  ),
);
/** Examples as `<name>.json` or `<name>.<case>.json`. */
const examples = readdirSync(FOLDER).map((file) => {
  const example = JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Record<string, unknown>;
  return { file, name: file.split('.')[0]!, example };
});
const ofSchemas = examples.filter(({ name }) => name !== MESSAGE);

describe('the golden examples', () => {
  it('include one for every schema', () => {
    const names = new Set(examples.map(({ name }) => name));
    expect([...schemas.keys()].filter((name) => !names.has(name))).toEqual([]);
  });

  it('include none without a schema', () => {
    expect(ofSchemas.filter(({ name }) => !schemas.has(name)).map(({ file }) => file)).toEqual([]);
  });

  it.each(ofSchemas)('in $file are parsed without adding or dropping a field', ({ name, example }) => {
    expect(schemas.get(name)!.parse(example)).toEqual(example);
  });

  it.each(ofSchemas.filter(({ example }) => 'v' in Object(example)))(
    'in $file are rejected with another version',
    ({ name, example }) => {
      expect(schemas.get(name)!.safeParse({ ...example, v: 2 }).success).toBe(false);
    },
  );
});

const messageSchema = z.strictObject({
  subject: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  /** Bytes after the body's first line, when they are not text. */
  cells: z.array(z.int()).optional(),
});
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A golden message with its body as bytes. */
function readMessage(file: string) {
  const { body, cells = [], ...message } = messageSchema.parse(JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')));
  const bytes = Buffer.concat([Buffer.from(body), Buffer.from(cells)]);
  return { ...message, bytes, ...contracts.decodeBody(bytes) };
}

const stageMessages = examples.map(({ file }) => file).filter((file) => /^message\..*stage/.test(file));

describe('the golden stage message', () => {
  it.each(stageMessages)('%s names the same stage in its subject and its slip', (file) => {
    const { subject, head } = readMessage(file);
    const slip = contracts.slipSchema.parse(head);
    const app = slip.route[slip.index]!.app;
    expect(subject).toBe(contracts.stageSubject(app, slip));
    expect(contracts.parseStageSubject(subject)).toEqual({
      app,
      batch: slip.batch,
      run: slip.run,
      index: slip.index,
    });
  });

  it.each(stageMessages)('%s repeats slip values in its headers for human readers', (file) => {
    const { headers, head } = readMessage(file);
    const lineage = headers[contracts.LINEAGE_HEADER]!;
    const decided = headers[contracts.DECIDED_HEADER];
    expect(headers).toEqual(
      contracts.stageHeaders(contracts.slipSchema.parse(head), lineage, decided === undefined ? undefined : +decided),
    );
    expect(contracts.parseLineageHeader(lineage)).not.toBeNull();
  });

  it.each(stageMessages)('%s is re-encoded to the same bytes', (file) => {
    const { bytes, head, rest } = readMessage(file);
    expect(Buffer.from(contracts.encodeBody(head, rest)).equals(bytes)).toBe(true);
  });

  it.each(stageMessages)('%s contains exactly the document that its slip announces', (file) => {
    const { head, rest } = readMessage(file);
    const { document } = contracts.slipSchema.parse(head);
    const carried = { inline: true, sha256: sha256(rest), bytes: rest.byteLength };
    expect([document, rest.byteLength]).toEqual('inline' in document ? [carried, carried.bytes] : [document, 0]);
  });
});

describe('the golden event', () => {
  const { subject, head, rest } = readMessage('message.settled.json');
  const event = contracts.stageEventSchema.parse(head);

  it('names the settled stage in its subject', () => {
    expect(subject).toBe(contracts.settledSubject(event));
  });

  it('contains the unchanged output of the stage', () => {
    expect(event.document).toEqual({ inline: true, sha256: sha256(rest), bytes: rest.byteLength });
  });
});

describe('the golden commit on LIVE', () => {
  const { subject, head, rest } = readMessage('message.live.json');
  const commit = contracts.liveCommitSchema.parse(head);

  it('belongs to the batch that its subject names', () => {
    expect(subject).toBe(contracts.liveSubject(commit.batch));
  });

  it('has the packed cells after its first line', () => {
    expect(contracts.unpackCells(rest, commit.summary.stages.length)).toEqual([
      { row: 17, index: 0, state: 'done' },
      { row: 17, index: 1, state: 'failed' },
    ]);
  });

  it('has a sentence that matches its counts', () => {
    const { summary } = commit;
    expect(summary.sentence).toBe(contracts.summarySentence({ ...summary, id: summary.batch }));
  });
});
