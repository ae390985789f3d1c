const VOCABULARY = 'http://mmif.clams.ai/vocabulary';

/** Types of MMIF 1.0.5, with the prefix that old and new CLAMS apps accept. */
export const TYPES = {
  VideoDocument: `${VOCABULARY}/VideoDocument/v1`,
  TextDocument: `${VOCABULARY}/TextDocument/v1`,
  Annotation: `${VOCABULARY}/Annotation/v5`,
  TimeFrame: `${VOCABULARY}/TimeFrame/v5`,
  TimePoint: `${VOCABULARY}/TimePoint/v4`,
  BoundingBox: `${VOCABULARY}/BoundingBox/v4`,
  Alignment: `${VOCABULARY}/Alignment/v1`,
  Sentence: `${VOCABULARY}/Sentence/v1`,
  NamedEntity: `${VOCABULARY}/NamedEntity/v1`,
} as const;
