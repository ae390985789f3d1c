/** Types that a CLAMS app's parameters can have; a `map` has keys and values. */
export const PARAMETER_TYPES = ['integer', 'number', 'string', 'boolean', 'map'] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

type Scalar = string | number | boolean;

/** One parameter as an app declares it. */
export interface AppParameter {
  readonly name: string;
  readonly description: string;
  /** Decides how a value is read and sent; the JavaScript type of `default` says nothing about it. */
  readonly type: ParameterType;
  readonly multivalued: boolean;
  readonly choices: readonly Scalar[] | null;
  /** A parameter without a default has to be set. */
  readonly required: boolean;
  /** What the app takes when nothing is set, of the declared type where it can be; never sent back. */
  readonly default: Scalar | readonly Scalar[] | null;
}

/** An annotation type that an app reads or writes, with the property values it asks for (`*`: any). */
export interface AppType {
  readonly uri: string;
  readonly required: boolean;
  readonly description: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What a CLAMS app says about itself, understood. */
export interface AppMetadata {
  readonly name: string;
  readonly description: string;
  /** Empty when the app tells none. */
  readonly version: string;
  /** What the app signs its views with. */
  readonly identifier: string;
  readonly url: string;
  /** Version of MMIF the app writes, such as `1.0.5`; null in very old apps. */
  readonly mmifVersion: string | null;
  /** Every entry has to be there; an entry of several types needs one of them. */
  readonly input: readonly (readonly AppType[])[];
  readonly output: readonly AppType[];
  readonly parameters: readonly AppParameter[];
  /** What else the app tells, text by name. */
  readonly more: Readonly<Record<string, string>>;
}

/** A document is no metadata of a CLAMS app; the message says why. */
export class AppMetadataError extends Error {
  override readonly name = 'AppMetadataError';
}
