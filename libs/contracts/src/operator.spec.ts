import { describe, expect, it } from '@jest/globals';
import { OPERATOR_GUIDE, OPERATOR_VERBS, type OperatorVerb } from './operator.js';

const verbs = Object.keys(OPERATOR_VERBS) as OperatorVerb[];
const refusal = (verb: OperatorVerb, request: object) =>
  OPERATOR_VERBS[verb]
    .safeParse(request)
    .error?.issues.map(({ message }) => message)
    .join(' ') ?? null;

describe('an operator request', () => {
  it.each(verbs)('to %s is valid when it equals the example in the guide', (verb) => {
    expect(refusal(verb, OPERATOR_GUIDE[verb].example)).toBeNull();
  });

  it.each<[OperatorVerb, object]>([
    ['replay', {}],
    ['replay', { run: 17, batch: 5 }],
    ['redrive', { batch: 5, app: 'text_v1' }],
    ['pause', {}],
    ['resume', { batch: 5, app: 'text_v1' }],
    ['explain', {}],
  ])('to %s is rejected unless it names exactly one target: %j', (verb, request) => {
    expect(refusal(verb, request)).toMatch(/^name exactly one of /);
  });

  it('is rejected when it selects failures of one run or gives a reason for a batch', () => {
    expect(refusal('replay', { run: 17, app: 'text_v1' })).toMatch(/select runs of a batch/);
    expect(refusal('replay', { run: 17, runs: 'cancelled' })).toMatch(/select runs of a batch/);
    expect(refusal('replay', { batch: 5, runs: 'cancelled', fingerprint: 'text|x' })).toMatch(/omit it/);
    expect(refusal('cancel', { batch: 5, run: 17 })).toMatch(/exactly one of batch, run/);
    expect(refusal('pause', { batch: 5, why: 'night' })).toMatch(/for an app only/);
  });

  it.each<[OperatorVerb, object]>([
    ['cancel', { batch: 2 ** 31 }],
    ['replay', { run: 1.5 }],
    ['replay', { run: 1, stage: 32 }],
    ['replay', { batch: 1, fingerprint: 'a\0b' }],
    ['pause', { app: 'Text v1' }],
    ['pause', { app: 'text_v1', why: '\uD800' }],
    ['explain', { run: 17, verbose: true }],
  ])('to %s is rejected with values that cannot be stored or unknown fields: %j', (verb, request) => {
    expect(refusal(verb, request)).not.toBeNull();
  });

  it('comes from "operator" and is executed by default', () => {
    expect(OPERATOR_VERBS.cancel.parse({ batch: 5 })).toEqual({ actor: 'operator', dryRun: false, batch: 5 });
    expect(OPERATOR_VERBS.audit.parse({})).toEqual({ actor: 'operator', repair: false });
  });
});
