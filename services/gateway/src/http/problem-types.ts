/**
 * Every type of problem that the gateway answers with, by the last part of its `type`: what it means, and what to do.
 * Names are stable: programs tell problems apart by them.
 */
export const PROBLEM_TYPES = {
  // Of any request.
  'unreadable-request':
    'The address or the body is malformed. Send a well-formed address, and the body as valid JSON in UTF-8.',
  'invalid-request':
    'The request can be read, and something in it does not fit. "errors" names each place and says what is expected there.',
  'invalid-cursor':
    'The cursor was not given by this list. Leave it out to begin at the first page, and take further ones from "next".',
  'not-signed-in':
    'Nobody is signed in. Open the sign-in link that the newest start has printed, or send the access token as a bearer token.',
  'foreign-origin':
    'The page of another site has sent the request. Use the page of Chowda itself, or a program that sends no Origin.',
  'foreign-host':
    'The host name is not one under which the gateway may be reached. Use another one, or add it to ALLOWED_HOSTS.',
  'unknown-route': 'Nothing is at this address. Check the method and the path against /api/docs.',
  'no-such-method': 'The address is there, and does not take this method. The header Allow has those that it takes.',
  'unknown-problem': 'No problem has this type. Take the name from the "type" of a problem document.',
  'too-large': 'The body is larger than this address takes. Send less at once; long lists of files may be sent as CSV.',
  'no-json': 'The body is something other than JSON. Send it as application/json.',
  'unsupported-encoding': 'The body is encoded in a way that is not understood. Send it in UTF-8, plain or gzip.',
  'too-many-requests':
    'More commands were sent within a minute than one sender may. Wait as long as Retry-After says; one command can name thousands of files.',
  'too-many-at-once':
    'As many commands of this kind wait for each other as there is room for. Nothing was changed: wait as long as Retry-After says.',
  'database-away':
    'The database does not answer. Try again in a moment: what was done before is not lost, and runs go on.',
  'in-the-way': 'Another command wanted the same at the same moment. Nothing was changed: send it again.',
  internal: 'Nobody has foreseen this. Try again, and tell who looks after Chowda the request id, which is in the log.',

  // Of commands with a key, and of those that the scheduler does.
  'invalid-idempotency-key':
    'The Idempotency-Key cannot be one. Send 1 to 255 visible ASCII characters, new ones for each command, such as a UUID.',
  'idempotency-key-reused':
    'The key was sent before with another command, which stays as it was. Take a new key for each command.',
  'scheduler-away':
    'The scheduler does not answer. It may have done the command all the same: send it again with its Idempotency-Key, or look first.',
  'scheduler-failed':
    'The scheduler met something that nobody has foreseen, and changed nothing. Try again; its log tells more.',
  'not-now':
    'What is asked for does not fit the state of things, for example a cancel of what has ended. "detail" says why.',
  'live-away': 'The service that tells of live status does not answer. Reload later: batches run on meanwhile.',

  // Of media files, imports and collections.
  'unknown-media-file':
    'No media file has this GUID, in any of its spellings. Look it up in the list, or import it first.',
  'guid-taken':
    'Another media file has this GUID, perhaps in another spelling. Use that one, or change it instead of registering.',
  'media-outside-folders':
    'The path leads out of the folders that media may lie in. Move the file, or add its folder to MEDIA_FOLDERS of the gateway.',
  'media-missing': 'No file is at the path. Check the path, or put the file back.',
  'no-media':
    'What the file begins with does not fit its name. Register audio, video, images or text, named as what they are.',
  'no-folder': 'The path is not a folder. Name a folder inside MEDIA_FOLDERS of the gateway.',
  'no-import': 'The body is no list of media files. Send text/csv, text/plain with GUIDs, or application/json.',
  'no-text': 'The list is not text, for example a workbook or an archive. Save it as CSV first.',
  'no-guid-column': 'No column of the table has GUIDs. Name one "guid" in the first line.',
  'unreadable-csv': 'The table breaks off or is quoted wrongly. "detail" names the line: correct it, and import again.',
  'empty-import': 'The list names no media file. A table needs lines below its headers.',
  'too-many-lines': 'The list has more lines than one import takes. Import it in parts.',
  'unknown-import':
    'No import has this number, or its report is older than 90 days. It is "import" in the report of one that was not a dry run.',
  'unknown-collection': 'No collection has this number. Look it up in the list of collections.',
  'collection-name-taken': 'Another collection has this name. Use another name, or add the files to that one.',
  'nothing-found': 'Nothing was found to put into the collection, so none was made. Search for something else.',
  'media-link-invalid': 'The link was not made here, or was cut. Ask for a new link to the media file.',
  'media-link-expired': 'The link has worked for its hour. Ask for a new link to the media file.',
  'media-gone': 'The media file of the link is not registered any more. Look it up in the list of media files.',
  'range-not-satisfiable': 'The part that was asked for lies behind the end. The header Content-Range has the size.',

  // Of apps and pipelines.
  'unknown-app': 'No app has this slug. Register it by its address first, or look it up in the list of apps.',
  'app-host-not-allowed':
    'Apps may be called at certain hosts only. Run it on one of those, or add its host to APP_HOSTS of the gateway.',
  'app-registered-elsewhere':
    'The same version of the app is registered at another address. Use that one, or give this one another version.',
  'another-app': 'Another app answers at the address now. Register that one; the one that is known stays as it is.',
  'no-app': 'No CLAMS app answers at the address. Check it, and that the app is running.',
  'app-not-ready': 'The scheduler has not seen the app yet. Wait a second, and see that a scheduler runs.',
  'app-disabled': 'The app is disabled for new pipelines. Enable it, or use another one.',
  'incompatible-order':
    'An app needs what another one writes behind it. "errors" names each: put the one that writes before the one that needs.',
  'invalid-parameters': 'Parameters do not fit what the app says of them. "errors" has each place and what it takes.',
  'pipeline-too-large': 'All parameters together are too long for the message of a stage. Shorten the longest of them.',
  'pipeline-archived':
    'The pipeline is archived: it gets no new versions and no new batches. Take it back (archived: false), or use another one.',
  'pipeline-name-taken': 'Another pipeline has this name, perhaps an archived one. Choose another name.',
  'unknown-pipeline': 'No such pipeline is saved. Save it first, or look it up in the list of pipelines.',
  'unknown-pipeline-version': 'The pipeline has no version of this number. Look its versions up.',
  'unknown-version': 'The pipeline has no version of this number. Leave the number out for the newest one.',

  // Of batches.
  'unknown-batch': 'No batch has this number: perhaps it was deleted. Look it up in the list of batches.',
  'unknown-files':
    'Files are named that are not registered; nothing was changed. Import them first, or leave them out.',
  'duplicate-files': 'Files are named more than once; nothing was changed. Name each of them once.',
  'unreadable-files':
    'An app of the pipeline cannot read files of this kind, so that all of them would fail. Leave them out, or use another pipeline.',
  'empty-batch': 'The batch would have no file. Name at least one, or delete the batch.',
  'unknown-input': 'The batch or stage to begin with is not there. Look up the batch and its stages, counted from 0.',
  'missing-inputs':
    "Files have no document of those that were chosen to begin with. Leave them out, upload one, or let them begin with their source (missing: 'source').",
  'different-pipelines': 'The batches have different pipelines. Name the one that the new batch is to have.',
  'different-inputs': 'The batches begin with different documents. Choose what the new batch begins with (input).',
  'unknown-file-of-the-batch': 'The batch has no such file. Add the file to the draft first.',
  'no-mmif': 'The document is no MMIF, as its schema says. "detail" names the place that does not fit.',
  'not-draft': 'The batch was started, and does not change any more. Duplicate it, and change the copy.',
  'archived-batch': 'The batch is archived. Take it back from the archive first (archived: false).',
  'running-batch': 'A batch that runs is not archived. Wait for its end or cancel it, then archive it.',
  'batch-running': 'A batch that runs is not deleted. Cancel it, or wait until it has finished.',

  // Of runs and their documents.
  'unknown-run': 'No run has this number: perhaps its batch was deleted. Look it up in the runs of its batch.',
  'unknown-error-group': 'No failures of the batch are alike in this way. Look it up in the errors of the batch.',
  'unknown-stage': 'The pipeline of the run has no such stage. Stages are counted from 0.',
  'no-document': 'The stage has no document, or no such try of it has. Look the run up, and its attempts.',
  'no-document-yet': 'The stage has not ended with a document. Name an earlier stage, or wait until it is done.',
  'document-removed': 'The document was there and is removed, as the retention of its batch says. Run the stage again.',
  'unreadable-document':
    'The document cannot be read as MMIF. Take its bytes as they are, and look at what the app has written.',
  'nothing-to-export': 'There is nothing of what was asked for. Take another format or stage, or wait for the batch.',
  'exports-busy': 'As many batches as the gateway can handle are being exported. Try again when one of them has ended.',
} as const;

/** The last part of a problem's type. */
export type ProblemName = keyof typeof PROBLEM_TYPES;

/** What may be answered to requests that no route takes, or that come to nothing, by its status. */
export const OUTSIDE_ROUTES: Readonly<Partial<Record<ProblemName, number>>> = {
  'unknown-route': 404,
  'no-such-method': 405,
  internal: 500,
  'scheduler-failed': 500,
  'live-away': 502,
};

type Words<Name> = Name extends `${infer First}-${infer Rest}` ? `${First} ${Words<Rest>}` : Name;

/** What there may be none of, as in "media file". */
export type UnknownNoun = ProblemName extends infer Name
  ? Name extends `unknown-${infer Noun}`
    ? Words<Noun>
    : never
  : never;
