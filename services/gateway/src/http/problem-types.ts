/**
 * Every type of problem that the gateway returns, by the last part of its `type`, with its meaning and what to do.
 * Clients distinguish problems by these names, so a published name never changes its meaning; `RENAMED` keeps old ones.
 */
export const PROBLEM_TYPES = {
  // Any request.
  'unreadable-request':
    'The URL or the body is malformed. Send a well-formed URL, and the body as valid JSON in UTF-8.',
  'invalid-request':
    'The request is readable, but some of its values are not valid. "errors" lists each place and what is expected there.',
  'invalid-cursor':
    'The cursor belongs to another list. Request the first page without a cursor, and use "next" of a page for the following one.',
  'not-signed-in':
    'The request has no valid session or access token. Open the sign-in link that the last start of Chowda printed, or send the access token as a bearer token.',
  'foreign-origin':
    'The request was sent by a page of another site. Use the page of Chowda, or a program that sends no Origin header.',
  'foreign-host':
    'The gateway does not accept requests for this host name. Use another name, or add this one to ALLOWED_HOSTS of the gateway.',
  'unknown-route': 'There is no resource at this URL. Check the method and the path against /api/docs.',
  'no-such-method': 'This resource does not support this method. The Allow header lists the supported methods.',
  'unknown-problem': 'There is no problem type with this name. Use the last part of the "type" of a problem document.',
  'too-large':
    'The body exceeds the limit of this resource. Send less per request; long lists of files can be sent as CSV.',
  'headers-too-large':
    'The URL and the headers of the request together exceed 16 KiB. Shorten the URL, or send long lists in the body.',
  'slow-request': 'The request did not arrive in time. Check the connection, then send the request again.',
  'no-json': 'The body is not JSON. Send JSON with the header "Content-Type: application/json".',
  'unsupported-encoding': 'The encoding of the body is not supported. Send the body in UTF-8, uncompressed or as gzip.',
  'too-many-requests':
    'The sender exceeded the number of commands per minute. Wait for the time in the Retry-After header; one command can name thousands of files.',
  'too-many-at-once':
    'The queue for commands of this kind is full. Nothing was changed: wait for the time in the Retry-After header, then try again.',
  'database-away':
    'The database is not responding. Try again in a moment; completed requests are saved, and runs in progress continue.',
  conflict: 'The request conflicted with a concurrent one. Nothing was changed; send it again.',
  internal: 'An unexpected error occurred. Try again; if it persists, report the request ID to your administrator.',

  // Commands with an Idempotency-Key, and commands that the scheduler carries out.
  'invalid-idempotency-key':
    'The Idempotency-Key is not valid. Send 1 to 255 visible ASCII characters, different for each command, such as a UUID.',
  'idempotency-key-reused':
    'The Idempotency-Key was already used for a different command. Use a new key for each command; the earlier command is unchanged.',
  'scheduler-away':
    'The scheduler is not responding, and may have carried out the command. Send it again with the same Idempotency-Key, or check its effect first.',
  'scheduler-failed':
    'The scheduler met an unexpected error and changed nothing. Try again; if it persists, see the scheduler log.',
  'not-now':
    'The command is not possible in the current state, for example cancelling a run that has ended. "detail" gives the reason.',
  'live-away':
    'The live-status service is not responding. Reload the page later; batches continue to run in the meantime.',

  // Media files, imports and collections.
  'unknown-media-file':
    'There is no media file with this GUID, in any spelling. Find it in the list of media files, or import it first.',
  'guid-taken':
    'A media file with this GUID already exists, perhaps in another spelling. Change that media file instead of registering a new one.',
  'media-outside-folders':
    'The path is outside the configured media folders. Move the file, or add its folder to MEDIA_FOLDERS of the gateway.',
  'media-missing': 'There is no file at this path. Correct the path, or restore the file.',
  'no-media':
    "The file's content does not match its extension. Register audio, video, image or text files with the right extension.",
  'no-folder': 'The path is not a folder. Name a folder inside MEDIA_FOLDERS of the gateway.',
  'no-import': 'The body is not a list of media files. Send text/csv, text/plain with GUIDs, or application/json.',
  'no-text': 'The list is not a text file; it may be a spreadsheet or an archive. Save it as CSV first.',
  'no-guid-column': 'The table has no column of GUIDs. Name that column "guid" in the first line.',
  'unreadable-csv':
    'The table is truncated or has unbalanced quotes. "detail" names the line; correct it, then import the table again.',
  'empty-import': 'The list names no media files. A table needs at least one line below its header.',
  'too-many-lines': 'The list has more lines than one import accepts. Import it in several parts.',
  'unknown-import':
    'There is no import with this number, or its report was deleted after 90 days. "import" in the report of each import has its number.',
  'unknown-collection': 'There is no collection with this number. Find it in the list of collections.',
  'collection-name-taken':
    'A collection with this name already exists. Use another name, or add the files to that collection.',
  'nothing-found':
    'The search or import has no media files, so no collection was created. Change the search, or choose another import.',
  'media-link-invalid': 'The link is invalid or truncated. Request a new link to the media file.',
  'media-link-expired': 'The link has expired; links are valid for one hour. Request a new link to the media file.',
  'media-gone': 'The media file of the link is no longer registered. Find it in the list of media files.',
  'range-not-satisfiable':
    'The requested range starts after the end of the content. The Content-Range header has the size.',

  // Apps and pipelines.
  'unknown-app': 'There is no app with this slug. Register the app by its URL, or find its slug in the list of apps.',
  'app-host-not-allowed':
    'Apps on this host may not be called. Run the app on an allowed host, or add its host to APP_HOSTS of the gateway.',
  'app-registered-elsewhere':
    'The same version of the app is registered at another URL. Use that one, or give this one another version.',
  'another-app': 'A different app now responds at this URL. Register it as a new app; the registered app is unchanged.',
  'no-app': 'No CLAMS app responds at this URL. Check the URL, and check that the app is running.',
  'app-not-ready':
    'The scheduler has not set up the app yet. Wait a few seconds; if nothing changes, check that the scheduler is running.',
  'app-disabled': 'The app is disabled for new pipelines. Enable it, or use another app.',
  'incompatible-order':
    'An app needs the output of an app that runs after it. "errors" names each; move the app that produces the output forward.',
  'invalid-parameters':
    'Some parameters do not match the metadata of the app. "errors" lists each place and what is expected there.',
  'pipeline-too-large':
    'The parameters of the pipeline exceed the maximum size of a stage message. Shorten the longest parameters.',
  'pipeline-archived':
    'The pipeline is archived and accepts no new versions or batches. Restore it (archived: false), or use another pipeline.',
  'pipeline-name-taken': 'A pipeline with this name already exists; it may be archived. Choose another name.',
  'unknown-pipeline': 'There is no such pipeline. Save it first, or find its name in the list of pipelines.',
  'unknown-pipeline-version': 'The pipeline has no version with this number. Find the number in its list of versions.',
  'unknown-version': 'The pipeline has no version with this number. Omit the number to use the newest version.',

  // Batches.
  'unknown-batch':
    'There is no batch with this number; it may have been deleted. Find the number in the list of batches.',
  'unknown-files':
    'Some of the named files are not registered; nothing was changed. Import them first, or leave them out.',
  'duplicate-files': 'Some files are named more than once; nothing was changed. Name each file once.',
  'unreadable-files':
    'An app of the pipeline cannot read files of this type, so all of them would fail. Leave them out, or use another pipeline.',
  'empty-batch': 'The batch would contain no files. Name at least one file, or delete the batch.',
  'unknown-input':
    'The batch or stage that was chosen as input does not exist. Check the batch and its stages, which are counted from 0.',
  'missing-inputs':
    "Some files have no document in the chosen input. Leave them out, upload a document for each, or start them from their source (missing: 'source').",
  'different-pipelines': 'The batches have different pipelines. Name the pipeline that the new batch should use.',
  'different-inputs': 'The batches have different inputs. Choose the input of the new batch (input).',
  'unknown-file-of-the-batch': 'The batch does not contain this file. Add the file to the draft first.',
  'no-mmif': 'The document is not valid MMIF according to its schema. "detail" names the invalid place.',
  'not-draft': 'The batch was started and can no longer be changed. Duplicate it, and change the copy.',
  'archived-batch': 'The batch is archived. Restore it first (archived: false), then start it.',
  'running-batch': 'A running batch cannot be archived. Wait until it finishes or cancel it, then archive it.',
  'batch-running': 'A running batch cannot be deleted. Cancel it, or wait until it finishes.',

  // Runs and their documents.
  'unknown-run':
    'There is no run with this number; its batch may have been deleted. Find the number in the runs of its batch.',
  'unknown-error-group': 'This batch has no such error group. Find the fingerprint in the errors of the batch.',
  'unknown-stage': 'The pipeline of the run has no such stage. Stages are counted from 0.',
  'no-document':
    'The stage, or this attempt of it, has no document. Check the stages of the run, and its list of attempts.',
  'no-document-yet': 'The stage has not produced a document yet. Name an earlier stage, or wait until it is done.',
  'document-removed':
    'The document was removed by the retention rule of its batch. To produce it again, run the stage again.',
  'unreadable-document':
    'The document cannot be read as MMIF. Download the stored document, and check what the app wrote.',
  'documents-busy':
    'The gateway is already processing the maximum number of large documents. Try again after the time in the Retry-After header.',
  'nothing-to-export':
    'There is no content to export in this format. Choose another format or stage, or wait until the batch has results.',
  'exports-busy':
    'The gateway is already exporting the maximum number of batches. Try again when one of these exports is finished.',
} as const;

/** The last part of a problem's type. */
export type ProblemName = keyof typeof PROBLEM_TYPES;

/** Earlier names of problem types, whose pages still exist. */
export const RENAMED: Readonly<Record<string, ProblemName>> = { 'in-the-way': 'conflict' };

/** Problems of requests that reach no route or fail in one unexpectedly, by status. */
export const OUTSIDE_ROUTES: Readonly<Partial<Record<ProblemName, number>>> = {
  'unknown-route': 404,
  'no-such-method': 405,
  internal: 500,
  'scheduler-failed': 500,
  'live-away': 502,
};

type Words<Name> = Name extends `${infer First}-${infer Rest}` ? `${First} ${Words<Rest>}` : Name;

/** Nouns that have an `unknown-…` problem, such as "media file". */
export type UnknownNoun = ProblemName extends infer Name
  ? Name extends `unknown-${infer Noun}`
    ? Words<Noun>
    : never
  : never;
