/** How a stage run ended. */
export const OUTCOMES = [
  'ok',
  'ok-with-warnings',
  /** The app answered and found nothing new. */
  'empty',
  /** The app reported an error of its own: error view, or a 500 without a text. */
  'app-error',
  /** The app refused the document it was given. */
  'invalid-input',
  /** The app's answer is no MMIF, or damages the document it was given. */
  'invalid-output',
  /** No answer within the stage's deadline. */
  'timeout',
  /** No connection to the app, or the connection broke. */
  'unreachable',
  'out-of-memory',
  'media-missing',
  /** The worker died during this stage several times. */
  'crash-loop',
  'cancelled',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

const SUCCESSES: readonly Outcome[] = ['ok', 'ok-with-warnings', 'empty'];
export const isSuccess = (outcome: Outcome): boolean => SUCCESSES.includes(outcome);

/** What a person can do about a failed stage, one sentence for each class of failure. */
export const NEXT_ACTIONS: Readonly<Partial<Record<Outcome, string>>> = {
  'app-error': "Read the app's message and trace, correct the media file or the parameters, then start the file again.",
  'invalid-input': 'Check that the stages before this one produce what the app reads, then start the file again.',
  'invalid-output': 'Report the answer to the maintainers of the app; use another version of it meanwhile.',
  timeout: "Raise the app's deadline, or check whether the app hangs, then start the file again.",
  unreachable: 'Check that the app is running and reachable at its address, then start the file again.',
  'out-of-memory': 'Give the app more memory or a smaller concurrency, then start the file again.',
  'media-missing': 'Put the media file where its location says, then start the file again.',
  'crash-loop': 'Look at the worker and app logs for this file before starting it again.',
};
