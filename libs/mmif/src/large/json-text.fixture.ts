import fc from 'fast-check';

/** Draws the next number below `limit`. */
type Draw = (limit: number) => number;

const numbers = fc.array(fc.nat(), { minLength: 1, maxLength: 30 });

/** Draws from a few numbers in turn, so that a failing case remains readable. */
function drawFrom(drawn: readonly number[]): Draw {
  let turn = 0;
  return (limit) => {
    turn += 1;
    return (drawn[turn % drawn.length]! + turn) % limit;
  };
}

const SPACES = ['', '', '', ' ', '\n', '\r\n', '\t \n'];

/** Writes JSON with random white space and escapes. */
export const spelling: fc.Arbitrary<(value: unknown) => string> = numbers.map((drawn) => (value) => {
  const draw = drawFrom(drawn);
  const space = () => SPACES[draw(SPACES.length)]!;
  const character = (unit: string) =>
    draw(5) === 0 ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : JSON.stringify(unit).slice(1, -1);
  const text = (from: string) => `"${from.split('').map(character).join('')}"`;
  const write = (each: unknown): string => {
    if (typeof each === 'string') return text(each);
    if (Array.isArray(each)) return `[${space()}${each.map(write).join(`${space()},${space()}`)}${space()}]`;
    if (typeof each !== 'object' || each === null) return JSON.stringify(each);
    const members = Object.entries(each).map(([name, found]) => `${text(name)}${space()}:${space()}${write(found)}`);
    return `{${space()}${members.join(`${space()},${space()}`)}${space()}}`;
  };
  return `${space()}${write(value)}${space()}`;
});

const VALUES = [null, '', 0, [], {}, [1], 'text', { id: '' }, { '@type': '', properties: { id: 'x', more: 1 } }, [[]]];

/** Replaces or removes a value somewhere in JSON; the result may no longer be MMIF. */
export const misshaping: fc.Arbitrary<(value: unknown) => unknown> = numbers.map((drawn) => (value) => {
  const draw = drawFrom(drawn);
  const copy: unknown = structuredClone(value);
  let holder = copy as Record<string, unknown>;
  for (let depth = draw(7); ; depth -= 1) {
    const names = Object.keys(holder);
    const name = names[draw(names.length || 1)];
    if (name === undefined) return copy;
    const inner = holder[name];
    if (depth > 0 && typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0) {
      holder = inner as Record<string, unknown>;
    } else {
      const found = VALUES[draw(VALUES.length + 1)];
      if (found === undefined && !Array.isArray(holder)) delete holder[name];
      else holder[name] = found ?? null;
      return copy;
    }
  }
});

const SIGNS = ['{', '}', '[', ']', ',', ':', '"', '\\', ' ', '0', '-', 'e', '\n', '\u0000', '\u00a0', '\ufeff'];
const WORDS = ['NaN', 'null', '"views":[]', '"annotations":[],', ',"id":"twice"', '{"a":1,}', '\\u12', '\\ud800', '//'];
const PIECES = SIGNS.concat(WORDS, '[1 2]', '{}{}').map((text) => new TextEncoder().encode(text));
const INVALID_UTF8 = [Uint8Array.of(0xff), Uint8Array.of(0xe2, 0x82)];

/** Damages a text: cuts it, or inserts bytes, or replaces some of them. */
export const damage: fc.Arbitrary<(text: Uint8Array) => Uint8Array> = fc
  .record({
    piece: fc.constantFrom(...PIECES, ...INVALID_UTF8, new Uint8Array()),
    // Most damage is in the middle, some at either end.
    place: fc.oneof(fc.nat(), fc.nat(), fc.constantFrom(0, -1, -2)),
    dropped: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 }), fc.constant(Infinity)),
  })
  .map(({ piece, place, dropped }) => (text) => {
    const start = place < 0 ? text.length + 1 + place : place % (text.length + 1);
    return Uint8Array.from([...text.subarray(0, start), ...piece, ...text.subarray(start + dropped)]);
  });
