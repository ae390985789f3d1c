/** How a stage run ended. */
export const OUTCOMES = [
  'ok',
  'ok-with-warnings',
  /** The app responded and found nothing new. */
  'empty',
  /** The app reported an error of its own: an error view, or a 500 without text. */
  'app-error',
  /** The app rejected its input document. */
  'invalid-input',
  /** The app's response is not valid MMIF, or it changes parts of the input document. */
  'invalid-output',
  /** The app did not respond within the stage's deadline. */
  'timeout',
  /** The app refused the connection, or the connection broke. */
  'unreachable',
  'out-of-memory',
  'media-missing',
  /** The app was called several times without a recorded result; usually, the file ends its worker. */
  'crash-loop',
  'cancelled',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The compiler requires a class for every new outcome; all other lists of outcomes are derived from this one. */
const CLASSES = {
  ok: 'success',
  'ok-with-warnings': 'success',
  empty: 'success',
  'app-error': 'failure',
  'invalid-input': 'failure',
  'invalid-output': 'failure',
  timeout: 'failure',
  unreachable: 'failure',
  'out-of-memory': 'failure',
  'media-missing': 'failure',
  'crash-loop': 'failure',
  cancelled: 'cancelled',
} as const satisfies Record<Outcome, 'success' | 'failure' | 'cancelled'>;

/** An outcome that needs an explanation, a next action and a retry rule. */
export type FailedOutcome = {
  [Each in Outcome]: (typeof CLASSES)[Each] extends 'failure' ? Each : never;
}[Outcome];

export const isSuccess = (outcome: Outcome): boolean => CLASSES[outcome] === 'success';
const isFailure = (outcome: Outcome): outcome is FailedOutcome => CLASSES[outcome] === 'failure';
export const FAILED_OUTCOMES = OUTCOMES.filter(isFailure);

/** What a user can do about a failed stage: one sentence for each failed outcome. */
export const NEXT_ACTIONS: Readonly<Partial<Record<Outcome, string>>> = {
  'app-error': "Read the app's message and trace, correct the media file or the parameters, then retry the file.",
  'invalid-input': 'Check that the stages before this one produce what the app reads, then retry the file.',
  'invalid-output': 'Report the response to the maintainers of the app; use another version of it meanwhile.',
  timeout: "Raise the app's deadline, or check whether the app hangs, then retry the file.",
  unreachable: 'Check that the app is running and reachable at its address, then retry the file.',
  'out-of-memory': 'Give the app more memory or a lower concurrency, then retry the file.',
  'media-missing': 'Put the media file at its registered path, then retry the file.',
  'crash-loop': 'Check the worker and app logs for this file before retrying it.',
} satisfies Record<FailedOutcome, string>;
