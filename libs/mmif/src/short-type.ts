/**
 * Short name of an annotation or document type: `http://mmif.clams.ai/vocabulary/TimeFrame/v6`,
 * `http://clams.ai/vocabulary/type/TimeFrame/v6`, `http://mmif.clams.ai/0.4.0/vocabulary/TimeFrame` and
 * `http://vocab.lappsgrid.org/Token` give `TimeFrame` and `Token`.
 */
export function shortType(uri: string): string {
  const segments = uri.split(/[/#]/).filter((segment) => segment !== '');
  const last = segments.at(-1) ?? uri;
  return /^v\d+$/.test(last) && segments.length > 1 ? segments.at(-2)! : last;
}
