import { describe, expect, it } from '@jest/globals';
import { buildSourceMmif, checkAnswer } from '#libs/mmif';
import { identifierOf, locationOf, viewOf, withView } from './no-op-app.js';

const app = (name: string, annotations = 1) => ({ name, annotations, slowMs: 0 });
const source = buildSourceMmif({ kind: 'video', path: '/media/a.mp4' });

describe(withView, () => {
  it('creates an output that the platform accepts, from a source document and from an output', () => {
    const first = withView(source, viewOf(app('one', 3)));
    const second = withView(first, viewOf(app('two')));
    expect(checkAnswer(source, first, identifierOf('one'))).toMatchObject({ violations: [], counts: { TimeFrame: 3 } });
    expect(checkAnswer(first, second, identifierOf('two'))).toMatchObject({ violations: [], counts: { TimeFrame: 1 } });
  });

  it('rejects a document that does not end with its views', () => {
    expect(() => withView(Buffer.from('{"views":[],"documents":{}}'), viewOf(app('one')))).toThrow(
      'The document does not end with its list of views.',
    );
  });
});

describe(locationOf, () => {
  it('finds the media file of a source document and of an output', () => {
    const output = withView(source, viewOf(app('one')));
    expect([Buffer.from(source), output].map(locationOf)).toEqual(['file:///media/a.mp4', 'file:///media/a.mp4']);
  });

  it('returns an empty text for a document without media', () => {
    expect(locationOf(Buffer.from('{"documents":[],"views":[]}'))).toBe('');
  });
});
