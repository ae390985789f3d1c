import { describe, expect, it } from '@jest/globals';
import { OPERATOR_GUIDE, OPERATOR_VERBS, type OperatorVerb } from './operator.js';

const verbs = Object.keys(OPERATOR_VERBS) as OperatorVerb[];
const misfit = (verb: OperatorVerb, request: object) =>
  OPERATOR_VERBS[verb]
    .safeParse(request)
    .error?.issues.map(({ message }) => message)
    .join(' ') ?? null;

describe('a request of an operator', () => {
  it.each(verbs)('to %s fits when it is like the example of the guide', (verb) => {
    expect(misfit(verb, OPERATOR_GUIDE[verb].example)).toBeNull();
  });

  it.each<[OperatorVerb, object]>([
    ['replay', {}],
    ['replay', { run: 17, batch: 5 }],
    ['redrive', { batch: 5, app: 'text_v1' }],
    ['pause', {}],
    ['resume', { batch: 5, app: 'text_v1' }],
    ['explain', {}],
  ])('to %s does not fit when it names not exactly one thing: %j', (verb, request) => {
    expect(misfit(verb, request)).toMatch(/^name exactly one of /);
  });

  it('does not choose among the failures of one run, nor keep a reason for a batch', () => {
    expect(misfit('replay', { run: 17, app: 'text_v1' })).toMatch(/among the runs of a batch/);
    expect(misfit('replay', { run: 17, runs: 'cancelled' })).toMatch(/among the runs of a batch/);
    expect(misfit('replay', { batch: 5, runs: 'cancelled', fingerprint: 'text|x' })).toMatch(/leave it out/);
    expect(misfit('cancel', { batch: 5, run: 17 })).toMatch(/exactly one of batch, run/);
    expect(misfit('pause', { batch: 5, why: 'night' })).toMatch(/with an app only/);
  });

  it.each<[OperatorVerb, object]>([
    ['cancel', { batch: 2 ** 31 }],
    ['replay', { run: 1.5 }],
    ['replay', { run: 1, stage: 32 }],
    ['replay', { batch: 1, fingerprint: 'a\0b' }],
    ['pause', { app: 'Text v1' }],
    ['pause', { app: 'text_v1', why: '\uD800' }],
    ['explain', { run: 17, verbose: true }],
  ])('to %s does not fit with what cannot be stored or is not known: %j', (verb, request) => {
    expect(misfit(verb, request)).not.toBeNull();
  });

  it('is of "operator" and does something, unless it says otherwise', () => {
    expect(OPERATOR_VERBS.cancel.parse({ batch: 5 })).toEqual({ actor: 'operator', dryRun: false, batch: 5 });
    expect(OPERATOR_VERBS.audit.parse({})).toEqual({ actor: 'operator', repair: false });
  });
});
