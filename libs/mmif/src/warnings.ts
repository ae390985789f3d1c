/** Warnings of a view, divided by what they are worth to a person. */
export interface ClassifiedWarnings {
  /** What the SDK says about itself and its vocabulary: kept, but no reason to look at the result. */
  readonly notices: readonly string[];
  /** What the app says about its work. */
  readonly warnings: readonly string[];
}

/** `{message : UserWarning('…'), category : …}` of clams-python and `UserWarning: …` of mmif-python. */
const CATEGORY = /^\s*(?:\{\s*message\s*:\s*)?(\w+)\s*[(:]/;
/** mmif-python base_types.py, clams-vocabulary base.py: `version difference detected: v1&v2@VideoDocument`. */
const VERSION_DIFFERENCE = /\bversion difference detected: \S*&\S*@\w/;
const NOTICES = new Set(['DeprecationWarning', 'PendingDeprecationWarning', 'EmptyOutputWarning']);

function isNotice(warning: string): boolean {
  return VERSION_DIFFERENCE.test(warning) || NOTICES.has(CATEGORY.exec(warning)?.[1] ?? '');
}

/** Divides warnings into notices of the SDK and warnings of the app; both keep their order. */
export const classifyWarnings = (warnings: readonly string[]): ClassifiedWarnings => ({
  notices: warnings.filter(isNotice),
  warnings: warnings.filter((warning) => !isNotice(warning)),
});
