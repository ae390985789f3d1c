import type { ParameterValue } from '../src/index.js';

/** A value that a user sets, and the value that the app must receive. */
export interface ParameterCase {
  readonly name: string;
  readonly value: ParameterValue;
  /** As JSON text, because integers beyond 2^53 survive only there. */
  readonly arrives: string;
  /** A feature that the app must support. */
  readonly needs?: 'maps' | 'big integers';
}

const parameterCase = (
  name: string,
  value: ParameterValue,
  arrives: string = JSON.stringify(value),
  needs?: ParameterCase['needs'],
): ParameterCase => ({ name, value, arrives, ...(needs ? { needs } : {}) });

const EVERY_KIND_OF_TEXT = 'ü & = + % # ? / \\ "quotes" \'single\' 😀 a:b,c\nnext\ttab';

/** Every type, with the values that are most likely to be changed in transit. */
export const PARAMETER_CASES: readonly ParameterCase[] = [
  parameterCase('needed', 0),
  parameterCase('needed', -7),
  parameterCase('needed', '12', '12'),
  parameterCase('needed', Number.MAX_SAFE_INTEGER),
  parameterCase('stopAt', '9223372036854775807', '9223372036854775807', 'big integers'),
  parameterCase('stopAt', '-9223372036854775808', '-9223372036854775808', 'big integers'),
  parameterCase('seconds', 0.25),
  parameterCase('seconds', -1.5e-7),
  parameterCase('seconds', 1e21),
  parameterCase('seconds', '1e-3', '0.001'),
  parameterCase('label', ''),
  parameterCase('label', '0'),
  parameterCase('label', '007'),
  parameterCase('label', ' a  b '),
  parameterCase('label', 'None'),
  parameterCase('label', 'false'),
  parameterCase('label', '[]'),
  parameterCase('label', EVERY_KIND_OF_TEXT),
  parameterCase('label', 5, '"5"'),
  parameterCase('label', true, '"True"'),
  parameterCase('mode', 'b'),
  parameterCase('flag', true),
  parameterCase('flag', 'true', 'true'),
  parameterCase('on', false),
  parameterCase('on', 'False', 'false'),
  parameterCase('labels', ['one', '', 'ü, &', 'one']),
  parameterCase('labels', 'alone', '["alone"]'),
  parameterCase('sizes', [3, -1, 3]),
  parameterCase('names', { B: 'bars:x y', 'größer =': EVERY_KIND_OF_TEXT, empty: '', one: '1' }, undefined, 'maps'),
  parameterCase('names', { share: 0.5, on: true }, '{"share":"0.5","on":"True"}', 'maps'),
];
