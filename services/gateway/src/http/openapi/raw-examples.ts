/** A small MMIF document. */
export const MMIF_EXAMPLE = {
  metadata: { mmif: 'http://mmif.clams.ai/1.0.5' },
  documents: [
    {
      '@type': 'http://mmif.clams.ai/vocabulary/VideoDocument/v1',
      properties: { id: 'd1', mime: 'video/mp4', location: 'file:///media/cpb-aacip-507-zw18k75z4h.mp4' },
    },
  ],
  views: [],
};

type Examples = Readonly<Record<string, unknown>>;

/** What is sent as it is, by media type. */
export const BODY_EXAMPLES: Examples = {
  'text/csv': 'GUID,title\r\ncpb-aacip-507-zw18k75z4h,"Evening news, 12 May 1987"\r\n',
  'text/plain': 'cpb-aacip-507-zw18k75z4h\ncpb-aacip-507-0c4sj1b55j\n',
};

/** What is answered as it is, by media type; all of JSON is MMIF. */
export const ANSWER_EXAMPLES: Examples = {
  'application/json': MMIF_EXAMPLE,
  'text/vtt': 'WEBVTT\n\n00:00:01.000 --> 00:00:03.500\nGood evening.\n',
  'application/x-subrip': '1\n00:00:01,000 --> 00:00:03,500\nGood evening.\n',
  'text/plain': 'Good evening.\n',
};

/** The example of a media type, as a part of its schema. */
export const exampleIn = (examples: Examples, type: string) => (type in examples ? { examples: [examples[type]] } : {});
