import { describe, expect, it } from '@jest/globals';
import { readMmif } from '#libs/mmif';
import { encodeCall, parameterFaults, parseAppMetadata, type ParameterValues } from '../src/index.js';
import { bodyOf, type Exchange } from './app-under-test.js';
import { sourceDocument, textOf, writtenText } from './documents.js';
import { PARAMETER_CASES } from './parameter-cases.js';
import type { Subject } from './subject.js';

/** Longer than the maximum query, so that the envelope is used. */
const PADDING = 'p'.repeat(4000);

/** Parses JSON with integers beyond 2^53 as strings. */
const parse = (json: string) => parseAppMetadata(json) as Record<string, unknown>;

/** The parameters as the app received them, and as the SDK recorded them in the view. */
function received(exchange: Exchange) {
  const document = bodyOf(exchange);
  const [view] = (parse(textOf(document)) as { views: { metadata: { appConfiguration?: Record<string, unknown> } }[] })
    .views;
  return { app: parse(writtenText(document)), recorded: view?.metadata.appConfiguration };
}

/** Tests that an app's metadata is understood, and that it receives the parameters that were set. */
export function describeParameters(subject: Subject): void {
  const { generation } = subject;
  const { hasMaps, bigIntegers, recordsConfiguration, takesEnvelopes } = generation;
  const cases = PARAMETER_CASES.filter(
    ({ needs }) => (needs !== 'maps' || hasMaps) && (needs !== 'big integers' || bigIntegers),
  );

  it('has metadata that is understood', () => {
    const { metadata } = subject.app();
    expect(metadata).toMatchObject({
      name: 'Probe',
      version: 'v1',
      identifier: 'http://apps.clams.ai/probe/v1',
      mmifVersion: generation.mmifVersion,
    });
    expect(metadata.input.map((entry) => entry.length)).toEqual([1, 2]);
    expect(Object.fromEntries(metadata.parameters.map((parameter) => [parameter.name, parameter]))).toMatchObject({
      needed: { type: 'integer', required: true },
      label: { type: 'string', required: false, default: '1' },
      seconds: { type: 'number', default: 0.5 },
      flag: { type: 'boolean', default: false, multivalued: false },
      mode: { choices: ['a', 'b'], default: 'a', multivalued: false },
      sizes: { type: 'integer', multivalued: true, default: hasMaps ? [1, 2] : 1 },
      pretty: { type: 'boolean', default: false },
      ...(hasMaps ? { names: { type: 'map', multivalued: true, required: false } } : {}),
      ...(bigIntegers ? { stopAt: { type: 'integer', default: '9223372036854775807' } } : {}),
    });
  });

  const ways = takesEnvelopes ? ['query', 'envelope'] : ['query'];
  describe.each(ways)('through the %s', (way) => {
    it.each(cases)('receives $name as it was set: $value', async ({ name, value, arrives }) => {
      const parameters: ParameterValues = {
        needed: 3,
        ...(way === 'envelope' ? { padding: PADDING } : {}),
        [name]: value,
      };
      expect(parameterFaults('probe', { needed: 3, [name]: value }, subject.app().metadata.parameters)).toEqual([]);
      const exchange = await subject.app().call({ ...parameters, what: 'echo' });
      const { app: got, recorded } = received(exchange);
      const expected = parse(`{"value":${arrives}}`)['value'];
      const places = recordsConfiguration ? [got, recorded] : [got];
      expect(places.map((place) => place?.[name])).toEqual(places.map(() => expected));
    });
  });

  it('uses its own defaults for parameters that are not set', async () => {
    const { app: got } = received(await subject.app().call({ what: 'echo' }));
    expect(got).toMatchObject({
      label: hasMaps ? '1' : 1,
      mode: 'a',
      ...(bigIntegers ? { stopAt: '9223372036854775807' } : {}),
    });
  });

  it('accepts the longest query that is sent', async () => {
    const parameters = { needed: 3, what: 'echo', label: '' };
    const encode = (label: string) =>
      encodeCall({
        document: sourceDocument,
        parameters: { ...parameters, label },
        declaredTypes: {},
        mmifVersion: null,
      });
    const free = 3500 - (encode('').query.length - 1);
    expect(() => encode('x'.repeat(free + 1))).toThrow('Shorten them');
    const exchange = await subject.app().call({ ...parameters, label: 'x'.repeat(free) }, { mmifVersion: null });
    expect(received(exchange).app['label']).toHaveLength(free);
  });

  it('signs its views with its identifier', async () => {
    const { views } = readMmif(bodyOf(await subject.app().call({})));
    expect(views[0]?.metadata.app).toBe(subject.app().metadata.identifier);
  });
}
