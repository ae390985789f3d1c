/**
 * What crosses a boundary between Chowda's parts. Words: a *media file* is one archival item named by its GUID;
 * an *app* is one registered version of a CLAMS app; a *pipeline* is an ordered list of *stages* (an app with
 * parameters); a *batch* is media files and a pipeline version; a *run* is one media file of one batch passing
 * through the pipeline; a *stage run* is one stage of one run; a *delivery* is one hand-over of a stage message by
 * the broker; a *lineage* tells which try a message belongs to; a *event* is what happened to a stage; an *outcome*
 * is how it ended.
 */
export * from './cells.js';
export * from './control.js';
export * from './documents.js';
export * from './stage-event.js';
export * from './lineage.js';
export * from './live.js';
export * from './marks.js';
export * from './message.js';
export * from './operator.js';
export * from './outcome.js';
export * from './retention.js';
export * from './retry-policy.js';
export * from './sentence.js';
export * from './slip.js';
export * from './stage-headers.js';
export * from './states.js';
export * from './streams.js';
export * from './stride.js';
export * from './subjects.js';
export * from './rest/actions.js';
export * from './rest/apps.js';
export * from './rest/batches.js';
export * from './rest/collections.js';
export * from './rest/commands.js';
export * from './rest/exports.js';
export * from './rest/imports.js';
export * from './rest/media-files.js';
export * from './rest/documents.js';
export * from './rest/errors.js';
export * from './rest/estimates.js';
export * from './rest/pipelines.js';
export * from './rest/new-batch.js';
export * from './rest/problem.js';
export * from './rest/query-integer.js';
export * from './rest/registry.js';
export * from './rest/retention.js';
export * from './rest/runs.js';
