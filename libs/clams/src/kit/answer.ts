/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const jsonText = (status: number, body: string): Answer => ({ status, contentType: 'application/json', body });

export const jsonAnswer = (status: number, value: unknown): Answer => jsonText(status, JSON.stringify(value));

const HTML = 'text/html; charset=utf-8';

/** As Flask answers when it is asked for the methods of a path. */
export const options = (allowed: string): Answer => ({
  status: 200,
  contentType: HTML,
  body: '',
  headers: { allow: allowed },
});

/** As Flask answers for a method that the path does not have. */
export const wrongMethod = (allowed: string): Answer => ({
  ...jsonAnswer(405, { message: 'The method is not allowed for the requested URL.' }),
  headers: { allow: allowed },
});

/** As Flask answers for a path that there is not. */
export const wrongPath: Answer = {
  status: 404,
  contentType: HTML,
  body: [
    '<!doctype html>',
    '<html lang=en>',
    '<title>404 Not Found</title>',
    '<h1>Not Found</h1>',
    '<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>',
    '',
  ].join('\n'),
};

/** The call of this id is not running here, or not any more (RFC 9457). */
export const unknownCall = (id: string): Answer => ({
  ...jsonAnswer(404, {
    type: '/problems/unknown-call',
    title: 'No such call',
    status: 404,
    detail: `No call with the x-call-id "${id}" is running; progress is told while a call runs.`,
  }),
  contentType: 'application/problem+json',
});

/** The app stops; the call may be sent again. */
export const stopping: Answer = jsonAnswer(503, { message: 'The app is stopping. Send the call again.' });
