import { type Mmif, shortType } from '#libs/mmif';

/** A video document: its id and where it lies. */
export interface VideoDocument {
  readonly id: string;
  readonly location: string;
}

/** The first video of a document. Throws an Error when there is none to look at. */
export function findVideo({ documents }: Mmif): VideoDocument {
  const video = documents.find((document) => shortType(document['@type']) === 'VideoDocument');
  if (!video) throw new Error('The input holds no VideoDocument; this app looks at videos only.');
  const { id, location } = video.properties;
  if (typeof location !== 'string') throw new Error(`VideoDocument ${id} has no location.`);
  return { id, location };
}
