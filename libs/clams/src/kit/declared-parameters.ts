import type { ParameterDescription } from './app-description.js';

/** A parameter with its defaults filled in. */
export interface DeclaredParameter extends ParameterDescription {
  readonly multivalued: boolean;
}

/** Parameters that the SDK adds to every app (clams/app/__init__.py, universal_parameters). */
const UNIVERSAL_PARAMETERS: readonly ParameterDescription[] = [
  {
    name: 'pretty',
    description: 'The JSON body of the HTTP response will be re-formatted with 2-space indentation',
    type: 'boolean',
    default: false,
  },
  {
    name: 'runningTime',
    description: 'The running time of the app will be recorded in the view metadata',
    type: 'boolean',
    default: true,
  },
  {
    name: 'hwFetch',
    description: 'The hardware information (architecture, GPU and vRAM) will be recorded in the view metadata',
    type: 'boolean',
    default: false,
  },
  {
    name: 'tfSamplingMode',
    description:
      'Sampling mode for TimeFrame annotations. Has no effect when the app does not process TimeFrames. ' +
      '"representatives" uses all representative timepoints if present, otherwise skips the TimeFrame. ' +
      '"single" uses the middle representative if present, otherwise extracts an image from the midpoint of the ' +
      'start/end interval (midpoint is calculated by floor division of the sum of start and end). ' +
      '"all" uses all target timepoints if present, otherwise extracts all images from the time interval.',
    type: 'string',
    choices: ['representatives', 'single', 'all'],
    default: 'representatives',
  },
];

function declared(parameter: ParameterDescription): DeclaredParameter {
  const { type, default: value } = parameter;
  const multivalued = type === 'map' || (type !== 'boolean' && parameter.multivalued === true);
  if (!multivalued || value === undefined || Array.isArray(value)) return { ...parameter, multivalued };
  return { ...parameter, multivalued, default: [value as string] };
}

/** An app's own parameters and those that every app has. Throws when two have the same name. */
export function declaredParameters(own: readonly ParameterDescription[]): DeclaredParameter[] {
  const all = [...own, ...UNIVERSAL_PARAMETERS];
  const twice = all.find(({ name }, index) => all.findIndex((other) => other.name === name) !== index);
  if (twice) {
    throw new Error(
      `Two parameters are called "${twice.name}". Every app also has the parameters pretty, runningTime, hwFetch and tfSamplingMode.`,
    );
  }
  return all.map(declared);
}
