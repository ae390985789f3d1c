import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Mmif, View } from '#libs/mmif';
import { classifyAnswer } from '../answer/classify-answer.js';
import { callApp } from '../client/call-app.js';
import { createApp } from './create-app.js';
import { TIME_FRAME, TOY, toyApp, toyDescription, toyDocument } from './toy-app.fixture.js';

const app = toyApp();
let url = '';
beforeAll(async () => {
  ({ url } = await app.listen(0));
});
afterAll(() => app.close());

interface Got {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
  readonly allow: string | null;
}

async function ask(method: string, path: string, body: string | Uint8Array | null = null): Promise<Got> {
  const response = await fetch(url + path, { method, body });
  const { status, headers } = response;
  return { status, type: headers.get('content-type'), text: await response.text(), allow: headers.get('allow') };
}

const post = (query: string, body: string | Uint8Array = toyDocument()) => ask('POST', `/?${query}`, body);
const viewsOf = ({ text }: Got): readonly View[] => (JSON.parse(text) as Mmif).views;
const errorOf = (got: Got) => viewsOf(got).at(-1)?.metadata.error;

describe('the metadata of an app', () => {
  it('is in the order of the SDK, without default values', async () => {
    const { status, type, text } = await ask('GET', '/');
    expect([status, type]).toEqual([200, 'application/json']);
    const metadata = JSON.parse(text) as Record<string, unknown>;
    expect(Object.keys(metadata).join(' ')).toBe(
      'name description app_version mmif_version app_license identifier url input output parameters more app_tags',
    );
    expect(metadata['input']).toEqual([
      { '@type': expect.any(String), required: true },
      [
        { '@type': TIME_FRAME, required: true },
        { '@type': expect.any(String), required: false },
      ],
    ]);
    expect(metadata['more']).toEqual({ progress: '/progress' });
  });

  it('has the parameters of the app, with defaults as declared, and those of every app', async () => {
    const { parameters } = JSON.parse((await ask('GET', '/')).text) as { parameters: Record<string, unknown>[] };
    expect(JSON.stringify(parameters.slice(0, 6))).toBe(
      '[{"name":"needed","description":"Required.","type":"integer","multivalued":false},' +
        '{"name":"threshold","description":"A number.","type":"number","default":0.5,"multivalued":false},' +
        '{"name":"mode","description":"A choice.","type":"string","choices":["a","b"],"default":"a","multivalued":false},' +
        '{"name":"code","description":"Looks like a number.","type":"string","default":"1","multivalued":false},' +
        '{"name":"levels","description":"Several.","type":"integer","choices":[1,2,3],"default":[2],"multivalued":true},' +
        '{"name":"names","description":"A map.","type":"map","default":["B:bars","S:slate"],"multivalued":true}]',
    );
    expect(parameters.slice(8).map(({ name, default: value }) => [name, value])).toEqual([
      ['pretty', false],
      ['runningTime', true],
      ['hwFetch', false],
      ['tfSamplingMode', 'representatives'],
    ]);
  });

  it('is indented only on request', async () => {
    const [pretty, plain] = [await ask('GET', '/?pretty=1'), await ask('GET', '/?pretty=f')];
    expect(pretty.text).toMatch(/^\{\n {2}"name": "Toy",\n/);
    expect(plain.text).toMatch(/^\{"name":"Toy",/);
    expect((await ask('HEAD', '/')).text).toBe('');
  });
});

describe('a successful call', () => {
  it('is answered with the bytes of the input and a new view at the end', async () => {
    const earlier =
      '[ {"id":"v_0","metadata":{"app":"x","contains":{},"n":9223372036854775807,"x":1.0},"annotations":[]}]';
    const document = toyDocument(earlier);
    const { status, type, text } = await post('needed=3', document);
    expect([status, type]).toEqual([200, 'application/json']);
    const [before, after] = document.split(/(?=\]\}\n$)/) as [string, string];
    expect(text.startsWith(`${before},{"id":"v_1"`)).toBe(true);
    expect(text.endsWith(after)).toBe(true);
  });

  it('has a view with the same signature as the SDK', async () => {
    const [view] = viewsOf(await post('needed=%2B3&levels=1&levels=3&mode=b&names=X:y:z&flag='));
    expect(view).toEqual({
      id: 'v_0',
      metadata: {
        appTags: ['demo'],
        appProfiling: { runningTime: expect.stringMatching(/^0:00:00\.\d{6}$/) },
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        app: TOY,
        contains: { [TIME_FRAME]: { timeUnit: 'seconds', document: 'd1' } },
        parameters: { needed: '+3', levels: "['1', '3']", mode: 'b', names: 'X:y:z', flag: '' },
        appConfiguration: {
          needed: 3,
          threshold: 0.5,
          mode: 'b',
          code: '1',
          levels: [1, 3],
          names: { X: 'y:z' },
          flag: true,
          what: 'frames',
          pretty: false,
          runningTime: true,
          hwFetch: false,
          tfSamplingMode: 'representatives',
        },
      },
      annotations: [
        { '@type': TIME_FRAME, properties: { id: 'v_0:tf_1', start: 0, end: 5, label: 'bars' } },
        {
          '@type': TIME_FRAME,
          properties: { id: 'v_0:tf_2', start: 5, end: 10, representatives: ['v_0:tf_1', 'v_9:tp_1'] },
        },
      ],
    });
    expect(Object.keys(view!.metadata).join(' ')).toBe(
      'appTags appProfiling timestamp app contains parameters appConfiguration',
    );
  });

  it('records the hardware, and omits the running time, on request', async () => {
    const [hardware, silent] = [await post('needed=3&hwFetch=true'), await post('needed=3&runningTime=false')];
    expect(viewsOf(hardware)[0]?.metadata['appProfiling']).toMatchObject({
      hardware: { cpu: expect.stringContaining('cores') },
    });
    expect(viewsOf(silent)[0]?.metadata['appProfiling']).toBeUndefined();
  });

  it('is the same for PUT', async () => {
    const put = await ask('PUT', '/?needed=3', toyDocument());
    expect([put.status, viewsOf(put).length]).toEqual([200, 1]);
  });

  it('is indented on request', async () => {
    expect((await post('needed=3&pretty=true')).text).toMatch(/^\{\n {2}"metadata": \{\n {4}"mmif"/);
  });

  it('has an empty view when the app found nothing', async () => {
    const [view, ...others] = viewsOf(await post('needed=3&what=nothing'));
    expect(view).toMatchObject({ metadata: { contains: {} }, annotations: [] });
    expect(others).toEqual([]);
  });

  it('has a separate view for warnings', async () => {
    const [found, warned] = viewsOf(await post('needed=3&what=warn&colour=1&colour=2'));
    expect(found?.annotations).toHaveLength(2);
    expect(warned).toMatchObject({
      id: 'v_1',
      metadata: {
        warnings: [`An undefined parameter "colour" (value: "['1', '2']") is passed`, 'The light is poor.'],
        timestamp: found?.metadata.timestamp,
        appConfiguration: { what: 'warn' },
      },
      annotations: [],
    });
    expect(warned?.metadata.contains).toBeUndefined();
  });

  it('skips a view id that a document has', async () => {
    const document = toyDocument('[]', `,{"@type":"http://x/TextDocument","properties":{"id":"v_0"}}`);
    expect(viewsOf(await post('needed=3', document)).map(({ id }) => id)).toEqual(['v_1']);
  });

  it('accepts a document of 50 MB', async () => {
    const text = randomBytes(25_000_000).toString('hex');
    const document = toyDocument('[]', `,{"@type":"http://x/TextDocument","properties":{"id":"d2","text":"${text}"}}`);
    const { status, text: answer } = await post('needed=3', document);
    expect(status).toBe(200);
    expect(answer.includes(text)).toBe(true);
  }, 60_000);
});

describe('an envelope', () => {
  const envelope = (parameters: string, mmif = toyDocument()) => `{"parameters": ${parameters}, "mmif": ${mmif}}`;

  it('has parameters of JSON types, and is answered with MMIF without an envelope', async () => {
    const parameters =
      '{"needed": 4, "levels": [1, 2], "names": {"K": "v", "on": true, "n": 1}, "flag": true, "code": null}';
    const { status, text } = await post('', envelope(parameters));
    expect([status, text.startsWith(toyDocument().slice(0, 100))]).toEqual([200, true]);
    expect(viewsOf({ text } as Got)[0]?.metadata).toMatchObject({
      parameters: { needed: '4', levels: "['1', '2']", names: "['K:v', 'on:True', 'n:1']", flag: 'True', code: 'None' },
      appConfiguration: { needed: 4, levels: [1, 2], names: { K: 'v', on: 'True', n: '1' }, flag: true, code: 'None' },
    });
  });

  it('has parameters that the query overrides', async () => {
    const got = await post('needed=9', envelope('{"needed": 4, "mode": "b"}'));
    expect(viewsOf(got)[0]?.metadata['appConfiguration']).toMatchObject({ needed: 9, mode: 'b' });
  });

  it('keeps integers beyond 2^53', async () => {
    const got = await post('', envelope('{"needed": 1, "code": 9223372036854775807}'));
    expect(viewsOf(got)[0]?.metadata['appConfiguration']).toMatchObject({ code: '9223372036854775807' });
  });

  it('with an empty list empties a list parameter, but leaves a single value at its default', async () => {
    const got = await post('', envelope('{"needed": 1, "levels": [], "code": []}'));
    expect(viewsOf(got)[0]?.metadata).toMatchObject({
      parameters: { needed: '1' },
      appConfiguration: { levels: [], code: '1' },
    });
  });
});

describe('a call that fails in the app', () => {
  it('is answered with 500 and an error view, indented', async () => {
    const got = await post('needed=3&what=fail');
    expect([got.status, got.type]).toEqual([500, 'application/json']);
    expect(got.text).toContain('\n    {\n      "id": "v_0",\n');
    const [view] = viewsOf(got);
    expect(Object.keys(view!.metadata).join(' ')).toBe('appTags timestamp app parameters error');
    expect(view).toMatchObject({
      metadata: {
        parameters: { needed: '3', what: 'fail' },
        error: {
          message: "<class 'ValueError'>: The video is upside down.",
          stackTrace: expect.stringContaining('toy-app.fixture'),
        },
      },
      annotations: [],
    });
  });

  it.each([
    ['', 'Cannot find configuration for a required parameter "needed".'],
    ['needed=abc', 'Parameter "needed" takes an integer, not "abc".'],
    ['needed=3&mode=z', `Value for parameter "mode" must be one of ['a', 'b'].`],
    ['needed=3&levels=1&levels=7', 'Value for parameter "levels" must be one of [1, 2, 3].'],
    ['needed=3&names=bars', 'Parameter "names" takes KEY:VALUE pairs, not "bars".'],
  ])('reports invalid parameters: %j', async (query, sentence) => {
    const got = await post(query);
    expect(got.status).toBe(500);
    expect(errorOf(got)?.message).toBe(`<class 'ValueError'>: ${sentence}`);
  });

  it.each([
    ['repeat an id', "<class 'TypeError'>: Two annotations have the id tf_1. Ids must be unique within a view."],
    ['write nonsense', "<class 'TypeError'>: Do not know how to serialize a BigInt"],
  ])('reports an app that tries to %s', async (what, message) => {
    expect(errorOf(await post(`needed=3&what=${what}`))?.message).toBe(message);
  });

  it('keeps earlier results of the same app', async () => {
    const first = (await post('needed=3')).text;
    const [kept, failed] = viewsOf(await post('needed=3&what=fail', first));
    expect(kept?.annotations).toHaveLength(2);
    expect(failed).toMatchObject({ id: 'v_1', metadata: { error: { message: expect.any(String) } } });
  });
});

describe('a body that is not MMIF', () => {
  it.each([
    ['a word', 'hello', 'The document is not a JSON object.'],
    ['an empty body', '', 'The document is not a JSON object.'],
    ['half a document', toyDocument().slice(0, -3), 'The document ends inside a list or an object.'],
    ['a document with trailing text', `${toyDocument()}x`, 'The text is not valid JSON: '],
    ['another object', '{"a":1}', 'metadata.mmif, the version of the format, is missing.'],
    [
      'a duplicate member',
      toyDocument().replace('"views"', '"views":[],"views"'),
      'The document has two members "views".',
    ],
    ['compressed bytes', gzipSync(toyDocument()), 'The body is not valid UTF-8. Send uncompressed MMIF.'],
    ['an envelope without parameters', '{"parameters":[],"mmif":{}}', '"parameters" must be a JSON object.'],
    ['an envelope without MMIF', '{"parameters":{}}', 'Envelope is missing required "mmif" key'],
    [
      'an envelope that is not JSON',
      `{"mmif":${toyDocument()},"parameters":{"flag":yes}}`,
      'The envelope is not valid JSON: ',
    ],
    [
      'a duplicate member in an envelope',
      '{"parameters":{},"mmif":{"metadata":{"mmif":"x"},"documents":[],"documents":[],"views":[]}}',
      'two members',
    ],
  ])('is rejected in plain text: %s', async (_, body, sentence) => {
    const { status, type, text } = await post('needed=3', body);
    expect([status, type]).toEqual([500, 'text/plain; charset=utf-8']);
    expect(text.startsWith('Invalid input data. See below for validation error.\n\n')).toBe(true);
    expect(text).toContain(sentence);
  });
});

describe('the server', () => {
  it.each(['DELETE', 'PATCH'])('rejects %s with the allowed methods', async (method) => {
    expect(await ask(method, '/')).toEqual({
      status: 405,
      type: 'application/json',
      text: '{"message":"The method is not allowed for the requested URL."}',
      allow: 'HEAD, GET, POST, PUT, OPTIONS',
    });
  });

  it('answers OPTIONS with the allowed methods', async () => {
    expect(await ask('OPTIONS', '/')).toMatchObject({ status: 200, text: '', allow: 'HEAD, GET, POST, PUT, OPTIONS' });
  });

  it('answers an unknown path with a page', async () => {
    const got = await ask('POST', '/foo?needed=3', toyDocument());
    expect([got.status, got.type]).toEqual([404, 'text/html; charset=utf-8']);
    expect(got.text).toContain('<title>404 Not Found</title>');
  });

  it('reports its health', async () => {
    expect(await ask('GET', '/healthz')).toMatchObject({ status: 200, text: '{"healthy":true}' });
    expect(await ask('POST', '/healthz')).toMatchObject({ status: 405, allow: 'HEAD, GET' });
  });
});

describe('the classification of an answer', () => {
  it.each([
    [{ what: 'frames' }, 'ok', 'toy found 2 TimeFrame.'],
    [{ what: 'warn' }, 'ok-with-warnings', 'toy found 2 TimeFrame; warning: The light is poor.'],
    [{ what: 'nothing' }, 'empty', 'toy found nothing.'],
    [{ what: 'fail' }, 'app-error', 'toy failed: ValueError: The video is upside down.'],
  ])('to %j is %s', async (parameters, outcome, sentence) => {
    const document = new TextEncoder().encode(toyDocument());
    const reply = await callApp({
      url,
      document,
      parameters: { needed: 3, ...parameters },
      declaredTypes: { needed: 'integer' },
      mmifVersion: '1.2.0',
      deadlineMs: 10_000,
      signal: new AbortController().signal,
    });
    expect(classifyAnswer(reply, document, { name: 'toy', identifier: TOY })).toMatchObject({ outcome, sentence });
  });
});

describe('an app description', () => {
  const create = (parameter: object) => () =>
    createApp({
      metadata: { ...toyDescription, parameters: [{ name: 'x', description: '', type: 'integer', ...parameter }] },
      annotate: () => Promise.resolve([]),
    });

  it.each([
    [{ name: 'pretty' }, 'Two parameters are called "pretty"'],
    [{ default: 'many' }, 'Parameter "x" takes an integer, not "many".'],
    [{ type: 'map', default: ['bars'] }, 'Parameter "x" takes KEY:VALUE pairs'],
  ])('is rejected by createApp: %j', (parameter, sentence) => {
    expect(create(parameter)).toThrow(sentence);
  });

  it('is accepted when the default has the declared type', () => {
    expect(create({ default: 7 })).not.toThrow();
  });
});

describe('the declared parameters', () => {
  it('are available to the app by name and type', () => {
    const annotate: Parameters<typeof createApp<typeof toyDescription>>[0]['annotate'] = async ({ parameters }) => {
      const { needed, levels, names, flag } = parameters;
      const read: [number, readonly number[], string | undefined, boolean] = [needed, levels, names['B'], flag];
      // @ts-expect-error: the description declares no colour.
      return read.length > 0 && parameters.colour ? [] : [];
    };
    expect(() => createApp({ metadata: toyDescription, annotate })).not.toThrow();
  });
});
