/** One value of a parameter. */
export type ParameterScalar = string | number | boolean;
/** What a user set for one parameter: a value, several for a multivalued one, keys and values for a map. */
export type ParameterValue = ParameterScalar | readonly ParameterScalar[] | Readonly<Record<string, ParameterScalar>>;
/** Parameters of one call by name; only what the user set is in it. */
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** True for keys and values. */
export const isMap = (value: ParameterValue): value is Readonly<Record<string, ParameterScalar>> =>
  typeof value === 'object' && !Array.isArray(value);
