import { describe, expect, it } from '@jest/globals';
import type { Settlement, StageMessage } from '../history.js';
import { callsAfterSettlement } from './calls-after-settlement.js';
import { wronglyForwarded } from './forwarded-documents.js';
import { differingClients } from './live-clients.js';
import { wronglyRecorded } from './recorded-stages.js';
import { settledTwice } from './settled-twice.js';
import { type StoredStage, wrongDocuments } from './stored-documents.js';

const NANOSECONDS_PER_MS = 1_000_000n;
const root = (ms: number) => String(BigInt(ms) * NANOSECONDS_PER_MS);
const place = { batch: 1, run: 7, index: 1 };

const settlement = (change: Partial<Settlement> = {}): Settlement => ({
  ...place,
  generation: 1,
  root: root(1000),
  at: 1100.5,
  kind: 'done',
  log: 'one',
  document: 'a',
  ...change,
});
const message = (change: Partial<StageMessage> = {}): StageMessage => ({
  ...place,
  root: root(1000),
  at: 1000.25,
  document: 'z',
  subject: 'stage.app.1.7.1',
  body: new Uint8Array(),
  ...change,
});
const call = (at: number) => ({ run: 7, index: 1, at });
const history = (messages: StageMessage[], settlements: Settlement[], starts: number[] = []) => ({
  messages,
  settlements,
  starts: starts.map((at) => ({ ...call(at), root: root(1000), worker: 'w1' })),
});

describe(settledTwice, () => {
  it('reports a lineage with two settlements', () => {
    expect(settledTwice([settlement(), settlement({ at: 1200 })])).toEqual([
      expect.stringMatching(
        new RegExp(
          `^run 7 stage 1 was settled 2 times in lineage 1.${root(1000)}: done a at .*, done a at 00:00:01.200 in log 1$`,
        ),
      ),
    ]);
  });

  it('accepts an equal settlement in a log that replaced a lost one', () => {
    expect(settledTwice([settlement(), settlement({ log: 'two' })])).toEqual([]);
  });

  it('accepts a parked stage in a replacing log, but not in the same log', () => {
    const parked = settlement({ kind: 'parked', document: undefined });
    expect(settledTwice([settlement(), { ...parked, log: 'two' }])).toEqual([]);
    expect(settledTwice([settlement(), parked])).toHaveLength(1);
  });

  it.each([{ document: 'b' }, { kind: 'failed' }])(
    'reports a different settlement in a replacing log (%j)',
    (change) => {
      expect(settledTwice([settlement(), settlement({ log: 'two', ...change })])).toHaveLength(1);
    },
  );

  it('accepts one settlement for each lineage and stage', () => {
    const others = [settlement({ root: root(2000) }), settlement({ generation: 2 }), settlement({ index: 2 })];
    expect(settledTwice([settlement(), ...others])).toEqual([]);
  });
});

describe(callsAfterSettlement, () => {
  it('reports a call after the settlement of the only lineage', () => {
    expect(callsAfterSettlement([call(1101)], history([message()], [settlement()]))).toHaveLength(1);
    expect(callsAfterSettlement([call(3000)], history([message()], [settlement()], [1050]))).toEqual([
      `run 7 stage 1 was called at 3000; settled: lineage ${root(1000)} at 1100.5; started: at 1050 by w1`,
    ]);
  });

  it('accepts any number of calls before the settlement', () => {
    expect(callsAfterSettlement([call(1000), call(1050), call(1100)], history([message()], [settlement()]))).toEqual(
      [],
    );
  });

  it('accepts a call for a newer lineage after its publication', () => {
    const messages = [message(), message({ root: root(2000), at: 2000 })];
    expect(callsAfterSettlement([call(2010)], history(messages, [settlement()]))).toEqual([]);
    expect(callsAfterSettlement([call(1999)], history(messages, [settlement()]))).toHaveLength(1);
  });

  it('reports a call for an old lineage after a newer one was settled', () => {
    const messages = [message(), message({ root: root(2000), at: 2000 })];
    const settlements = [settlement({ root: root(2000), at: 2100 })];
    expect(callsAfterSettlement([call(2050)], history(messages, settlements))).toEqual([]);
    expect(callsAfterSettlement([call(2101)], history(messages, settlements))).toHaveLength(1);
  });

  it('accepts a call whose decision came shortly before the settlement', () => {
    expect(callsAfterSettlement([call(1112)], history([message()], [settlement()], [1050, 1100]))).toEqual([]);
  });

  it('reports a call whose decision came after the settlement or too long before the call', () => {
    expect(callsAfterSettlement([call(1212)], history([message()], [settlement()], [1050, 1201]))).toHaveLength(1);
    expect(callsAfterSettlement([call(2101)], history([message()], [settlement()], [1100]))).toHaveLength(1);
  });

  it('ignores settlements of other stages and runs', () => {
    const others = [settlement({ index: 0 }), settlement({ run: 8 })];
    expect(callsAfterSettlement([call(1101)], history([message()], others))).toEqual([]);
  });

  it('recognises a lineage by the start of a call if nothing else is left of it', () => {
    const later = settlement({ root: root(2000), at: 2100 });
    expect(callsAfterSettlement([call(1060)], history([], [later], [1050]))).toEqual([]);
    expect(callsAfterSettlement([call(1060)], history([], [later]))).toHaveLength(1);
    expect(callsAfterSettlement([call(2200)], history([], [later], [1050]))).toHaveLength(1);
  });

  it('recognises a lineage by its settlement if its message was deleted with the stream', () => {
    expect(callsAfterSettlement([call(1050)], history([], [settlement()]))).toEqual([]);
    expect(callsAfterSettlement([call(1101)], history([], [settlement()]))).toHaveLength(1);
  });
});

describe(wronglyForwarded, () => {
  it('reports a message with another document than the previous stage of its lineage settled', () => {
    expect(wronglyForwarded([message({ index: 2, document: 'b' })], [settlement()])).toEqual([
      'run 7 stage 2 received b, but the previous stage settled a',
    ]);
  });

  it('accepts the settled document, and a first stage', () => {
    expect(wronglyForwarded([message({ index: 2, document: 'a' }), message({ index: 0 })], [settlement()])).toEqual([]);
  });
});

const stage = (change: Partial<StoredStage> = {}): StoredStage => ({
  run: 7,
  guid: 'tape',
  index: 1,
  state: 'done',
  named: 'a',
  read: 'a',
  ...change,
});

describe(wrongDocuments, () => {
  const calls = [{ guid: 'tape', index: 1, at: 1, input: 'z', answer: 'a' }];

  it('accepts an answer that is stored unchanged', () => {
    expect(wrongDocuments([stage()], calls)).toEqual([]);
  });

  it.each([
    ['that the app never returned', stage({ named: 'b', read: 'b' }), 'never returned'],
    ['that is damaged in the archive', stage({ read: 'b' }), 'the archive returns b'],
    ['that is missing', stage({ named: null, read: null }), 'the archive returns null'],
    ['of another file', stage({ guid: 'other' }), 'never returned'],
  ])('reports a document %s', (_what, wrong, sentence) => {
    expect(wrongDocuments([wrong], calls)).toEqual([expect.stringContaining(sentence)]);
  });

  it('expects no document of a stage that is not done', () => {
    expect(wrongDocuments([stage({ state: 'failed', named: null, read: null })], calls)).toEqual([]);
  });
});

describe(wronglyRecorded, () => {
  it('compares a stage with its newest lineage', () => {
    const older = settlement({ kind: 'failed', document: undefined, at: 5000 });
    const newer = settlement({ generation: 2, root: root(2000) });
    expect(wronglyRecorded([stage()], [newer, older], 'one')).toEqual([]);
    expect(wronglyRecorded([stage({ state: 'failed', named: null })], [newer, older], 'one')).toEqual([
      'run 7 stage 1 is failed with no document, but settled done with a',
    ]);
  });

  it('does not count a parked stage as settled', () => {
    const parked = settlement({ kind: 'parked', document: undefined, generation: 2 });
    expect(wronglyRecorded([stage()], [settlement(), parked], 'one')).toEqual([]);
  });

  it('ignores stages without a known settlement', () => {
    expect(wronglyRecorded([stage()], [], 'one')).toEqual([]);
  });

  it('requires the newest settlement of the existing log, and accepts a newer one of a deleted log', () => {
    const deleted = settlement({ generation: 3, document: 'c' });
    const left = settlement({ generation: 2, document: 'b', log: 'two' });
    const before = settlement({ document: 'a' });
    const found = (named: string) =>
      wronglyRecorded([stage({ named, read: named })], [before, deleted, left], 'two').length;
    expect([found('c'), found('b'), found('a')]).toEqual([0, 0, 1]);
  });
});

describe(differingClients, () => {
  const database = { version: 9, bytes: Uint8Array.of(1, 2, 3) };

  it('accepts clients with equal cells', () => {
    expect(differingClients(4, database, [database, { version: 10, bytes: Uint8Array.of(1, 2, 3) }])).toEqual([]);
  });

  it('counts the differing cells', () => {
    const late = { version: 8, bytes: Uint8Array.of(1, 1, 1) };
    expect(differingClients(4, database, [database, late])).toEqual([
      'client 2 of batch 4 has version 8 and differs in 2 cells from version 9 of the database',
    ]);
  });

  it('reports a client without cells', () => {
    expect(differingClients(4, database, [{ version: -1, bytes: new Uint8Array() }])).toHaveLength(1);
  });
});
