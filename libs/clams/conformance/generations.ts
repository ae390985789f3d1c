/** Properties of a generation of CLAMS apps that its clients observe. */
export interface Generation {
  readonly name: string;
  /** Version of MMIF in its metadata. */
  readonly mmifVersion: string;
  /** `old` for `http://mmif.clams.ai/vocabulary/…`, `new` for `http://clams.ai/vocabulary/type/…`. */
  readonly vocabulary: 'old' | 'new';
  readonly takesEnvelopes: boolean;
  readonly hasMaps: boolean;
  /** Whether views contain all parameters with their defaults (`appConfiguration`). */
  readonly recordsConfiguration: boolean;
  /** Whether integers beyond 2^53 are accepted. */
  readonly bigIntegers: boolean;
  /** Whether it runs on the Python SDK, whose workers can be killed and whose apps can return any answer. */
  readonly isPython: boolean;
}

/** The generations of clams-python by version, and the TypeScript kit, which follows the newest. */
export const GENERATIONS = {
  '1.0.9': {
    name: 'clams-python 1.0.9',
    mmifVersion: '1.0.0',
    vocabulary: 'old',
    takesEnvelopes: false,
    hasMaps: false,
    recordsConfiguration: false,
    bigIntegers: true,
    isPython: true,
  },
  '1.3.3': {
    name: 'clams-python 1.3.3',
    mmifVersion: '1.1.0',
    vocabulary: 'old',
    takesEnvelopes: false,
    hasMaps: true,
    recordsConfiguration: true,
    bigIntegers: true,
    isPython: true,
  },
  '1.8.0': {
    name: 'clams-python 1.8.0',
    mmifVersion: '1.2.0',
    vocabulary: 'new',
    takesEnvelopes: true,
    hasMaps: true,
    recordsConfiguration: true,
    bigIntegers: true,
    isPython: true,
  },
  kit: {
    name: 'the TypeScript kit',
    mmifVersion: '1.2.0',
    vocabulary: 'old',
    takesEnvelopes: true,
    hasMaps: true,
    recordsConfiguration: true,
    bigIntegers: false,
    isPython: false,
  },
} as const satisfies Record<string, Generation>;
