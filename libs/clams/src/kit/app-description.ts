import type { ParameterType } from '../metadata/app-metadata.js';

type Scalar = string | number | boolean;

/** A parameter of an app, in the words of the SDK's app metadata (clams/appmetadata/__init__.py). */
export interface ParameterDescription {
  readonly name: string;
  readonly description: string;
  readonly type: ParameterType;
  readonly choices?: readonly Scalar[];
  /** Makes the parameter optional. A list where several values are taken; of a map, texts `KEY:VALUE`. */
  readonly default?: Scalar | readonly Scalar[];
  /** Whether it takes several values, false by default; a map always does, a boolean never. */
  readonly multivalued?: boolean;
}

/** An annotation type; a property value `*` means any. */
export interface TypeDescription {
  readonly '@type': string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** An annotation type that an app reads; required by default. */
export interface InputDescription extends TypeDescription {
  readonly required?: boolean;
}

/** What an app says about itself: the JSON of the SDK's app metadata, without the parameters that every app has. */
export interface AppDescription {
  readonly name: string;
  readonly description: string;
  readonly app_version: string;
  /** Version of MMIF the app writes, such as `1.0.5`; clients conclude from it what the app understands. */
  readonly mmif_version: string;
  readonly analyzer_version?: string;
  readonly analyzer_versions?: Readonly<Record<string, string>>;
  readonly app_license: string;
  readonly analyzer_license?: string;
  /** What the app signs its views with, such as `http://apps.clams.ai/shots/v1.0`. */
  readonly identifier: string;
  /** Where the source of the app is. */
  readonly url: string;
  /** Every entry has to be in the input; of an inner list, one. */
  readonly input: readonly (InputDescription | readonly InputDescription[])[];
  readonly output: readonly TypeDescription[];
  readonly parameters?: readonly ParameterDescription[];
  readonly dependencies?: readonly string[];
  readonly more?: Readonly<Record<string, string>>;
  readonly app_tags?: readonly string[];
  /** Megabytes of GPU memory, 0 by default. */
  readonly est_gpu_mem_min?: number;
  readonly est_gpu_mem_typ?: number;
}

type OneOf<Parameter extends ParameterDescription> = Parameter['type'] extends 'boolean'
  ? boolean
  : Parameter['type'] extends 'string'
    ? string
    : number;

type ValueOf<Parameter extends ParameterDescription> = Parameter['type'] extends 'map'
  ? Readonly<Record<string, string>>
  : Parameter extends { readonly type: 'boolean' }
    ? boolean
    : Parameter extends { readonly multivalued: true }
      ? readonly OneOf<Parameter>[]
      : OneOf<Parameter>;

/** The parameters an app gets, by the types its description declares; a map as an object of texts. */
export type ParametersOf<Description extends AppDescription> = {
  readonly [Parameter in NonNullable<Description['parameters']>[number] as Parameter['name']]: ValueOf<Parameter>;
};
