/** GUIDs of media files in examples. */
export const EXAMPLE_GUIDS = ['cpb-aacip-507-zw18k75z4h', 'cpb-aacip-507-0c4sj1b55j'] as const;

/** Name of the pipeline in examples. */
export const EXAMPLE_PIPELINE = 'speech to text';

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

/** Bodies that the handler reads itself, by media type. */
export const BODY_EXAMPLES: Examples = {
  'text/csv': 'GUID,title\r\ncpb-aacip-507-zw18k75z4h,"Evening news, 12 May 1987"\r\n',
  'text/plain': 'cpb-aacip-507-zw18k75z4h\ncpb-aacip-507-0c4sj1b55j\n',
};

/** Responses of text or bytes, by media type; all JSON among them is MMIF. */
export const ANSWER_EXAMPLES: Examples = {
  'application/json': MMIF_EXAMPLE,
  'text/vtt': 'WEBVTT\n\n00:00:01.000 --> 00:00:03.500\nGood evening.\n',
  'application/x-subrip': '1\n00:00:01,000 --> 00:00:03,500\nGood evening.\n',
  'text/plain': 'Good evening.\n',
};

/** The example of a media type, as part of its schema. */
export const exampleIn = (examples: Examples, type: string) => (type in examples ? { examples: [examples[type]] } : {});
