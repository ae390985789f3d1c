const GUIDS = ['cpb-aacip-507-zw18k75z4h', 'cpb-aacip-507-0c4sj1b55j'];
const PIPELINE = 'speech to text';
const STAGES = [
  { app: 'swt-detection_v7', parameters: { sampleRate: 1000 } },
  { app: 'whisper-wrapper_v10', parameters: { model: 'medium' } },
];

type Examples = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** What JSON bodies can say, by route and purpose, where one that is made of the schema would not tell it all. */
export const bodyExamples: Examples = {
  'post /api/media-files/imports': {
    guids: { guids: GUIDS },
    files: {
      files: [{ guid: GUIDS[0], title: 'Evening news, 12 May 1987', path: 'news/1987-05-12.mp4', series: 'News' }],
    },
    folder: { folder: '/media/news' },
  },
  'post /api/collections': {
    files: { name: 'News of 1987', files: GUIDS },
    search: { name: 'Failed so far', search: { status: 'failed' } },
    import: { name: 'The table of May', import: 1 },
    empty: { name: 'To be filled' },
  },
  'patch /api/apps/{slug}': {
    concurrency: { concurrency: 2, deadlineSeconds: 3600 },
    retry: { retry: { unreachable: { attempts: 5, delaySeconds: 30 } } },
    disable: { enabled: false },
  },
  'post /api/apps/{slug}/pause': { why: { why: 'Its machine is being updated.' }, silently: {} },
  'post /api/pipelines': {
    plain: { name: 'Only speech', stages: [{ app: 'whisper-wrapper_v10' }] },
    stages: { name: PIPELINE, description: 'Finds the speech, then writes it down.', stages: STAGES },
  },
  'post /api/pipelines/check': { stages: { name: PIPELINE, stages: STAGES } },
  'patch /api/pipelines/{id}': { describe: { description: 'For radio.' }, archive: { archived: true } },
  'post /api/pipelines/{id}/clone': { newest: { name: 'speech to text, slower' } },
  'post /api/batches': {
    files: { name: 'Evening news', pipeline: PIPELINE, files: GUIDS },
    collection: { name: 'Evening news', pipeline: PIPELINE, collection: 1, trial: 10 },
    failures: { name: 'Evening news, once more', pipeline: PIPELINE, from: { batch: 1, runs: 'failed' } },
    continued: {
      name: 'Names in the evening news',
      pipeline: 'names',
      from: { batch: 1, runs: 'done' },
      input: { kind: 'stage', batch: 1, stage: 1 },
    },
  },
  'post /api/batches/{id}/start': { all: {}, trial: { trial: 10 }, rest: { trial: 0 } },
  'patch /api/batches/{id}': {
    weight: { weight: 200 },
    rename: { name: 'Evening news of May' },
    archive: { archived: true },
  },
  'post /api/batches/{id}/retry': { all: {}, dryRun: { dryRun: true } },
  'post /api/runs/{id}/retry': { where: {}, stage: { stage: 0 } },
  'put /api/retention': { all: { keep: 'all' }, final: { keep: 'final', days: 365 } },
  'put /api/batches/{id}/retention': { own: { keep: 'final', days: 90 }, follow: { keep: null } },
};
