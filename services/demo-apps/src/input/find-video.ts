import { type Mmif, shortType } from '#libs/mmif';

/** ID and location of a video document. */
export interface VideoDocument {
  readonly id: string;
  readonly location: string;
}

/** The first VideoDocument of the input. Throws an Error if there is none, or if it has no location. */
export function findVideo({ documents }: Mmif): VideoDocument {
  const video = documents.find((document) => shortType(document['@type']) === 'VideoDocument');
  if (!video) throw new Error('The input contains no VideoDocument. This app processes only videos.');
  const { id, location } = video.properties;
  if (typeof location !== 'string') throw new Error(`VideoDocument ${id} has no location.`);
  return { id, location };
}
