import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBody, encodeBody } from './message.js';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('a message body', () => {
  it('is a line of JSON followed by the bytes', () => {
    expect(text(encodeBody({ run: 1 }, Buffer.from('{"mmif":\n1.0}')))).toBe('{"run":1}\n{"mmif":\n1.0}');
  });

  it('is only the line when there are no bytes', () => {
    expect(text(encodeBody({ run: 1 }))).toBe('{"run":1}\n');
    expect(text(encodeBody({ run: 1 }, new Uint8Array()))).toBe('{"run":1}\n');
  });

  it('decodes to the same head and bytes, including line breaks', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.uint8Array(), (head, rest) => {
        const decoded = decodeBody(encodeBody(head, rest));
        expect(decoded.head).toEqual(JSON.parse(JSON.stringify(head)));
        expect([...decoded.rest]).toEqual([...rest]);
      }),
    );
  });

  it('can be decoded without its line break, as a person may type it', () => {
    expect(decodeBody(Buffer.from('{"run":1}'))).toEqual({ head: { run: 1 }, rest: new Uint8Array() });
  });

  it.each(['', '\n{"run":1}', 'run 1\n'])('cannot be decoded from %j', (body) => {
    expect(() => decodeBody(Buffer.from(body))).toThrow(SyntaxError);
  });
});
